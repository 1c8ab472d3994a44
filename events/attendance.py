"""What coming brings: points in the ledger and a voucher, once, and the member's facts."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import bonuses, ledger, taking_back
from club.models import BonusKind
from events import keepsakes
from events.models import CheckIn, Event, Registration
from foundation import clock
from foundation.words import InBoth
from members.facts import facts_of

CAUSE = BonusKind.ATTENDANCE.value
A_DAY = timedelta(days=1)


def count(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """They came: points and voucher once per registration, whatever is scanned again (R8).

    The points can be used from the day after the event, when it has taken place.
    """
    event = registration.event
    refresh(db, registration)
    day = clock.shop_day(now, event.shop.zone)
    points = event.attendance_points
    if points is None:
        points = bonuses.points_for(db, BonusKind.ATTENDANCE, on=day)
    if points:
        ledger.give_bonus(
            db,
            registration.owner_id,
            points,
            cause_kind=CAUSE,
            cause_id=_turn(db, registration),
            reason=InBoth.of(event, "title"),
            on=day,
            by=by,
            now=now,
            usable_on=clock.shop_day(event.ends_at, event.shop.zone) + A_DAY,
        )
    keepsakes.give(db, registration, by=by, now=now)


def discount(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """An arrival was struck out: without any other the points go back, until they come again."""
    refresh(db, registration)
    here = select(CheckIn.id).where(
        CheckIn.registration_id == registration.id, CheckIn.undone_at.is_(None)
    )
    if db.scalar(here.limit(1)) is None:
        taking_back.take_back(
            db,
            registration.owner_id,
            cause_kind=CAUSE,
            cause_id=_turn(db, registration),
            on=clock.shop_day(now, registration.event.shop.zone),
            by=by,
            now=now,
        )
        keepsakes.take_back(db, registration, by=by, now=now)


def _turn(db: Session, registration: Registration) -> str:
    """The cause of the points that stand, or of those that come next."""
    return taking_back.turn_of(db, registration.owner_id, CAUSE, str(registration.id))


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
