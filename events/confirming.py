"""What a confirmed place brings: the gift while stock lasts, a bay, the ticket, the letter."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from events import letters, quotas, tickets
from events.checks import placing
from events.models import Quota, Registration
from events.tickets import TicketKeys


def welcome(
    db: Session,
    registration: Registration,
    rows: Iterable[Quota],
    *,
    keys: TicketKeys,
    is_new: bool = False,
    now: datetime,
) -> None:
    """Give a member whose place was just confirmed all that comes with it.

    `is_new` says that the registration was made in this transaction.
    """
    if quotas.take_gift(db, rows):
        registration.gift = True
    placing.give(db, registration)
    tickets.issue_first(db, registration, keys=keys, now=now)
    letters.tell(
        db,
        registration,
        "registration-confirmed",
        is_new=is_new,
        now=now,
        not_after=registration.event.ends_at,
    )
