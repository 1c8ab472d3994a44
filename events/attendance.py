"""What coming brings: points in the ledger, once, and the member's facts."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import ledger
from events.models import CheckIn, Event, Registration
from foundation import clock, tunables
from foundation.words import N_
from members.facts import facts_of

POINTS = tunables.declare(
    "events.attendance_points", 50, N_("Bonus for coming to an event"), N_("points"), 0, 10_000
)
CAUSE = "attendance"


def count(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """They came: points once per registration, however often they are checked in."""
    event = registration.event
    refresh(db, registration)
    points = tunables.value(db, POINTS)
    if event.attendance_points is not None:
        points = event.attendance_points
    if points:
        ledger.give_bonus(
            db,
            registration.owner_id,
            points,
            cause_kind=CAUSE,
            cause_id=str(registration.id),
            reason=event.title_zh,
            on=clock.shop_day(now, event.shop.zone),
            by=by,
            now=now,
        )


def refresh(db: Session, registration: Registration) -> None:
    """Bring the member's facts in line with where they were seen."""
    facts = facts_of(db, registration.owner_id)
    number, last = db.execute(
        select(func.count(func.distinct(CheckIn.registration_id)), func.max(Event.starts_at))
        .join(Registration, Registration.id == CheckIn.registration_id)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.owner_id == registration.owner_id, CheckIn.undone_at.is_(None))
    ).one()
    facts.attended = number
    facts.last_attended_on = clock.shop_day(last, registration.event.shop.zone) if last else None
    db.flush()
