"""Work of this room behind the pages."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from events import no_shows, reminding, reserving, waitlist
from events.models import Registration, RegistrationState
from events.refusals import OfferEnded
from events.trips import drives
from foundation.database import is_lock_wait

BATCH = 500


def expire_offers(db: Session, now: datetime) -> str:
    """End the offers that nobody answered and pass their places on. Commits each.

    One that was answered in the same moment is left alone, one that is locked waits for the
    next run.
    """
    due = db.scalars(
        select(Registration.id)
        .where(Registration.state == RegistrationState.OFFERED, Registration.offer_until < now)
        .order_by(Registration.offer_until)
        .limit(BATCH)
    ).all()
    db.commit()
    ended = sum(_expire(db, registration_id, now) for registration_id in due)
    return f"{ended} of {len(due)} ended"


def record_drives(db: Session, now: datetime) -> str:
    """Of trips that ended lately, write down what everybody drove."""
    new = drives.record_due(db, now=now)
    db.commit()
    return f"{new} drives"


def _expire(db: Session, registration_id: int, now: datetime) -> bool:
    try:
        waitlist.expire(db, db.get_one(Registration, registration_id), now=now)
        db.commit()
    except OfferEnded:
        db.rollback()
        return False
    except OperationalError as error:
        db.rollback()
        if not is_lock_wait(error):
            raise
        structlog.get_logger("marque").info("offer.locked", registration=registration_id)
        return False
    return True


def let_kept_places_go(db: Session, now: datetime) -> str:
    """Places that were kept for tiers come free at their moment. Commits each event."""
    due = db.scalars(reserving.over_query(now=now).limit(BATCH)).all()
    for event in due:
        reserving.let_go(db, event, now=now)
        db.commit()
    return f"places of {len(due)} events came free"


def remind_and_thank(db: Session, now: datetime) -> str:
    """Post the reminders and thanks that are due. Commits each batch; one whose row is locked
    waits for the next run."""
    posted, at_work = 0, reminding.times_at_work(db, now=now)
    db.commit()
    for time_id in at_work:
        after: int | None = 0
        while after is not None:
            count, after = _post_batch(db, time_id, after, now)
            posted += count
    return f"{posted} posted"


def _post_batch(db: Session, time_id: int, after: int, now: datetime) -> tuple[int, int | None]:
    try:
        done = reminding.post_batch(db, time_id, after=after, now=now)
        db.commit()
    except OperationalError as error:
        db.rollback()
        if not is_lock_wait(error):
            raise
        structlog.get_logger("marque").info("letters.locked", time=time_id)
        return 0, None
    return done


def note_no_shows(db: Session, now: datetime) -> str:
    """Note who did not come to events that are over. Commits each, so a repeat goes on."""
    due = db.scalars(no_shows.due_query(db, now=now).limit(BATCH)).all()
    db.commit()
    for registration in due:
        no_shows.note(db, registration, now=now)
        db.commit()
    return f"{len(due)} noted"
