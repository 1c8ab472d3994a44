"""Real worker processes on one database: together, and one that is killed."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from foundation.outbox import Letter, LetterState
from outreach import delivery
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_shop
from tests.outreach.makers import post_letter
from tests.outreach.servers import Post, mail_server

LETTERS = 40


def start(url: str, post: Post, name: str, mode: str = "send") -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "tests.outreach.lost_worker", url, str(post.port), name, mode]
    worker = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def go(*workers: subprocess.Popen[str]) -> list[str]:
    """Let ready workers begin together; what each says at its end."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    return [worker.communicate(timeout=60)[0] for worker in workers]


def fill(sessions: Sessions, number: int) -> None:
    with sessions() as db:
        make_shop(db)
        owner = make_member(db)
        for one in range(number):
            post_letter(db, owner, f"n{one}")
        db.commit()


def states(sessions: Sessions) -> Counter[LetterState]:
    with sessions() as db:
        return Counter(db.scalars(select(Letter.state)))


def test_two_workers_send_each_letter_once(sessions: Sessions, database_url: str) -> None:
    """R32: two real processes that begin together on one outbox.

    Red on both databases without the state in `claim` and the look at the row in `_claim`, and
    on PostgreSQL already without the state in `claim`; on SQLite each of the two is enough alone.
    """
    fill(sessions, LETTERS)
    with mail_server() as post:
        workers = [start(database_url, post, name) for name in ("one", "two")]
        sent = [int(said) for said in go(*workers)]
    assert sum(sent) == LETTERS
    assert len({str(mail["To"]) for mail in post.letters}) == len(post.letters) == LETTERS
    assert states(sessions) == {LetterState.SENT: LETTERS}


def test_a_killed_worker_leaves_one_letter_to_a_person(
    sessions: Sessions, database_url: str
) -> None:
    """R33, R69: red when the claim is committed together with the result."""
    fill(sessions, 3)
    with mail_server() as post:
        lost = start(database_url, post, "lost", "die")
        go(lost)
        assert lost.returncode == -9
        assert states(sessions) == {LetterState.CLAIMED: 1, LetterState.QUEUED: 2}
        with sessions() as db:
            delivery.give_up_lost(db, now=NOW + timedelta(minutes=10))
            db.commit()
        go(start(database_url, post, "next"))
    assert states(sessions) == {LetterState.UNKNOWN: 1, LetterState.SENT: 2}
    assert len(post.letters) == len({str(mail["To"]) for mail in post.letters}) == 3
