"""What a confirmed place brings: the gift while stock lasts, a bay, the ticket, the letter."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from events import letters, quotas, tickets
from events.checks import placing
from events.models import Quota, Registration
from events.tickets import TicketKeys
from foundation.together import NewRow

LETTER = "registration-confirmed"


def welcome(
    db: Session,
    registration: Registration,
    rows: Iterable[Quota],
    *,
    keys: TicketKeys,
    now: datetime,
) -> None:
    """Give a member whose place was just confirmed all that comes with it."""
    _give(db, registration, rows)
    tickets.issue_first(db, registration, keys=keys, now=now)
    until = registration.event.ends_at
    letters.tell(db, registration, LETTER, now=now, not_after=until)


def first_rows(
    db: Session,
    registration: Registration,
    rows: Iterable[Quota],
    *,
    keys: TicketKeys,
    now: datetime,
) -> list[NewRow]:
    """The same for a registration that was made in this transaction: what is to be stored."""
    _give(db, registration, rows)
    until = registration.event.ends_at
    return [
        tickets.first_row(registration, keys=keys, now=now),
        letters.first_row(db, registration, LETTER, now=now, not_after=until),
    ]


def _give(db: Session, registration: Registration, rows: Iterable[Quota]) -> None:
    if quotas.take_gift(db, rows):
        registration.gift = True
    placing.give(db, registration)
