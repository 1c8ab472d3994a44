"""Whether the day has more for members than the door: a ballot, a gift exchange, a ranking."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from events.models import Ballot, ContestResult, GiftDraw, Registration


def has_more(db: Session, registration: Registration) -> bool:
    """Whether the member's page of the day shows anything."""
    if registration.formation_number is not None:
        return True
    there = (
        exists().where(table.event_id == registration.event_id)
        for table in (Ballot, GiftDraw, ContestResult)
    )
    return bool(db.scalar(select(or_(*there))))
