"""What was driven together: one line for each registration that came, in the owner's record and
in the car's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.came import came
from events.models import (
    Event,
    EventState,
    Registration,
    RegistrationState,
    Trip,
    TripDrive,
)
from events.trips import stops
from foundation import audit
from foundation.clock import shop_day
from foundation.words import N_, InBoth
from members import car_life
from members.car_life import Chapter

LOOKED_BACK = timedelta(days=45)
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Driven:
    """How far somebody has driven with the club, and on how many trips."""

    metres: int
    trips: int


def record(db: Session, trip: Trip, *, by: int | None, now: datetime) -> int:
    """Write down what everybody who came has driven, once per registration; how many are new.

    A later correction of the route corrects the lines too; who did not come after all has none.
    """
    metres = stops.metres_of(trip)
    if not metres or trip.event.ends_at > now:
        return 0
    came = {one.id: one for one in _came(db, trip)}
    standing = {
        row.registration_id: row
        for row in db.scalars(select(TripDrive).where(TripDrive.event_id == trip.event_id))
    }
    for registration_id, row in standing.items():
        if registration_id in came:
            row.metres = metres
        else:
            db.delete(row)
    new = [one for one in came.values() if one.id not in standing]
    db.add_all(_drive(one, metres, trip.event) for one in new)
    if new:
        audit.record(
            db, "trip.drives", "event", trip.event_id, by=by, now=now, cars=len(new), metres=metres
        )
    db.flush()
    return len(new)


def record_due(db: Session, *, now: datetime) -> int:
    """Of each trip that ended lately, write down what was driven."""
    due = db.scalars(
        select(Trip)
        .join(Trip.event)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.ends_at <= now,
            Event.ends_at > now - LOOKED_BACK,
        )
        .order_by(Trip.id)
    ).all()
    return sum(record(db, trip, by=None, now=now) for trip in due)


def _drive(registration: Registration, metres: int, event: Event) -> TripDrive:
    return TripDrive(
        registration_id=registration.id,
        event_id=event.id,
        owner_id=registration.owner_id,
        vehicle_id=registration.vehicle_id,
        metres=metres,
        driven_on=shop_day(event.starts_at, event.shop.zone),
    )


def _came(db: Session, trip: Trip) -> Sequence[Registration]:
    """Whose place was confirmed, and who was seen."""
    return db.scalars(
        select(Registration).where(
            Registration.event_id == trip.event_id,
            Registration.state == RegistrationState.CONFIRMED,
            came(),
        )
    ).all()


def driven_by(db: Session, owner_id: int) -> Driven:
    """What an owner has driven with the club so far."""
    row = db.execute(
        select(func.coalesce(func.sum(TripDrive.metres), 0), func.count()).where(
            TripDrive.owner_id == owner_id
        )
    ).one()
    return Driven(int(row[0]), int(row[1]))


@car_life.announce
def chapters_of(db: Session, owner_id: int, vehicle_id: int) -> list[Chapter]:
    """The trips of a car with this owner, as its history tells them."""
    rows = db.scalars(
        select(TripDrive)
        .where(TripDrive.vehicle_id == vehicle_id, TripDrive.owner_id == owner_id)
        .options(joinedload(TripDrive.event))
        .order_by(TripDrive.driven_on.desc(), TripDrive.id.desc())
        .limit(SHOWN)
    )
    return [
        Chapter(
            row.driven_on,
            N_("%(title)s: %(km)s km with the club"),
            {"title": InBoth.of(row.event, "title"), "km": f"{row.metres / 1000:,.0f}"},
            f"/events/{row.event_id}",
        )
        for row in rows
    ]


def cars_of(db: Session, trip: Trip) -> int:
    """How many cars have the trip in their record."""
    rows = select(func.count()).where(TripDrive.event_id == trip.event_id)
    return db.scalar(rows) or 0
