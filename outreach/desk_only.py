"""What stands in for a channel that is not set up."""

from datetime import datetime

from sqlalchemy.orm import Session

from foundation.outbox import Letter, Rendered
from foundation.words import N_
from outreach.channels import Receipt, Unreachable


class DeskOnly:
    """In a demo club a letter without a channel can be read at the desk, and says so."""

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        return Receipt(why=N_("Shown at the desk only: this channel is not set up."))

    def close(self) -> None: ...


class NotSetUp:
    """In production it waits until the channel is set up."""

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt:
        raise Unreachable(N_("This channel is not set up."))

    def close(self) -> None: ...
