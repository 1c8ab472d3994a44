"""A worker of its own for a test: python -m tests.outreach.lost_worker URL PORT NAME MODE.

It says "ready" and begins when it is told to, so that two begin together. `die` kills itself
with -9 after the claim is committed and before the letter is marked.
"""

import os
import signal
import sys
from datetime import datetime

from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, Rendered
from foundation.settings import Settings
from outreach import checks, delivery
from outreach.channels import Office, Receipt
from outreach.mail import Mail
from tests.conftest import KEYS, Sessions
from tests.outreach.makers import PLAIN


class Dying(Mail):
    """Sends the letter, then is gone before it can say so."""

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        super().send(db, letter, words, now)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


def _no_way_out(letter: Letter) -> str | None:
    return None


def main(url: str, port: str, name: str, mode: str) -> None:
    settings = Settings.read({"CLUB_MAIL_SERVER": "127.0.0.1", "CLUB_MAIL_PORT": port}, KEYS)
    kind = Dying if mode == "die" else Mail
    with Sessions(url)() as db:
        office = Office(
            {Channel.EMAIL: kind(settings, "Club", _no_way_out)},
            lambda _db, _letter: PLAIN,
            lambda _db, _letter, _news, _now: None,
            lambda _db, _letter: {},
            name,
        )
        print("ready", flush=True)
        sys.stdin.readline()
        at = datetime.fromisoformat("2026-03-02T04:00:00+00:00")
        sent = delivery.send_due(
            db, office, checks.of_the_house(settings.hash_key, settings.zone), lambda: at
        )
        print(sent)


if __name__ == "__main__":
    main(*sys.argv[1:])
