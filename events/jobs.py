"""Work of this room behind the pages."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from events import reserving, waitlist
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
