"""What is told after a trip, and who may read it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events.models import EventState, RecapFor, Registration, RegistrationState, Trip
from events.trips import drives
from events.trips.refusals import TripRefused
from foundation import audit
from foundation.words import N_


def tell(
    db: Session,
    trip: Trip,
    text_zh: str,
    text_en: str | None,
    readers: RecapFor,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """The text in both languages, and who may read it."""
    trip.recap_zh, trip.recap_en, trip.recap_for = text_zh.strip(), text_en, readers
    _note(db, trip, "recap.write", by, now)


def publish(db: Session, trip: Trip, *, by: int | None, now: datetime) -> None:
    """From now on it is read; what everybody drove is written down with it."""
    if trip.event.ends_at > now:
        raise TripRefused(N_("A recap is published when the trip is over."))
    if not trip.recap_zh:
        raise TripRefused(N_("Please write the text in Chinese first."))
    trip.recap_at = trip.recap_at or now
    drives.record(db, trip, by=by, now=now)
    _note(db, trip, "recap.publish", by, now)


def withdraw(db: Session, trip: Trip, *, by: int | None, now: datetime) -> None:
    """Nobody but staff reads it any more."""
    trip.recap_at = None
    _note(db, trip, "recap.withdraw", by, now)


def joined(db: Session, trip: Trip, owner_id: int) -> bool:
    """Whether a member had a place on the trip."""
    place = select(Registration.id).where(
        Registration.event_id == trip.event_id,
        Registration.owner_id == owner_id,
        Registration.state == RegistrationState.CONFIRMED,
    )
    return db.scalar(place.limit(1)) is not None


def may_read(db: Session, trip: Trip, owner_id: int) -> bool:
    """Whether the recap is out, and for this member."""
    if trip.recap_at is None or trip.event.state != EventState.PUBLISHED:
        return False
    return trip.recap_for is RecapFor.MEMBERS or joined(db, trip, owner_id)


def newest_for(db: Session, owner_id: int, *, since: datetime) -> Trip | None:
    """The newest recap since a moment of a trip on which this member had a place."""
    return db.scalar(
        select(Trip)
        .join(Registration, Registration.event_id == Trip.event_id)
        .where(
            Registration.owner_id == owner_id,
            Registration.state == RegistrationState.CONFIRMED,
            Trip.recap_at > since,
        )
        .options(joinedload(Trip.event))
        .order_by(Trip.recap_at.desc())
        .limit(1)
    )


def _note(db: Session, trip: Trip, act: str, by: int | None, now: datetime) -> None:
    audit.record(db, act, "event", trip.event_id, by=by, now=now)
    db.flush()
