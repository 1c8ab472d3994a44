"""The convoy: in which order the cars drive, which one leads, which one sweeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events.models import ConvoyCar, ConvoyRole, Registration, RegistrationState, Trip
from events.trips.refusals import NotInConvoy
from foundation import audit
from foundation.words import N_
from members.models import MemberFacts, Owner


@dataclass(frozen=True, slots=True)
class InLine:
    """A car in the line, counted from 1; `placed` is False for one that staff have not seen yet."""

    number: int
    registration: Registration
    role: ConvoyRole
    placed: bool


def line_of(db: Session, trip: Trip) -> list[InLine]:
    """Everybody with a place, in the order of the convoy; newcomers before the sweep car."""
    rows = {row.registration_id: row for row in _rows(db, trip)}
    confirmed = db.scalars(
        select(Registration)
        .where(
            Registration.event_id == trip.event_id,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .options(
            joinedload(Registration.owner).joinedload(Owner.membership),
            joinedload(Registration.vehicle),
        )
        .order_by(Registration.confirmed_at, Registration.id)
    ).all()

    def key(one: Registration) -> tuple[int, int]:
        row = rows.get(one.id)
        if row is None:
            return 1, 0
        return (2, 0) if row.role is ConvoyRole.SWEEP else (0, row.position)

    return [
        InLine(
            number,
            one,
            rows[one.id].role if one.id in rows else ConvoyRole.CAR,
            one.id in rows,
        )
        for number, one in enumerate(sorted(confirmed, key=key), start=1)
    ]


def suggest(db: Session, trip: Trip, *, by: int | None, now: datetime) -> None:
    """Order the cars anew: lead car first; who came to the fewest events right behind it, where it
    sees them; who came to the most at the end; sweep car last."""
    line = line_of(db, trip)
    known = db.execute(
        select(MemberFacts.owner_id, MemberFacts.attended).where(
            MemberFacts.owner_id.in_([one.registration.owner_id for one in line])
        )
    )
    came = {row.owner_id: row.attended for row in known}
    ends = {ConvoyRole.LEAD: 0, ConvoyRole.CAR: 1, ConvoyRole.SWEEP: 2}
    line.sort(key=lambda one: (ends[one.role], came.get(one.registration.owner_id, 0), one.number))
    _keep(db, trip, line)
    _note(db, trip, "convoy.order", by, now)


def move(
    db: Session, trip: Trip, registration_id: int, steps: int, *, by: int | None, now: datetime
) -> None:
    """A car so many places back, or forward where `steps` is below zero."""
    line = line_of(db, trip)
    place = _place(line, registration_id)
    car = line.pop(place)
    line.insert(max(0, min(place + steps, len(line))), car)
    _keep(db, trip, line)
    _note(db, trip, "convoy.move", by, now, registration=registration_id)


def give_role(
    db: Session,
    trip: Trip,
    registration_id: int,
    role: ConvoyRole,
    *,
    by: int | None,
    now: datetime,
) -> None:
    """A car leads, sweeps, or drives along; the one that led or swept before drives along."""
    line = line_of(db, trip)
    chosen = line[_place(line, registration_id)]
    changed = []
    for one in line:
        given = role if one is chosen else one.role
        if one is not chosen and role is not ConvoyRole.CAR and one.role is role:
            given = ConvoyRole.CAR
        changed.append(InLine(one.number, one.registration, given, True))
    ends = {ConvoyRole.LEAD: 0, ConvoyRole.CAR: 1, ConvoyRole.SWEEP: 2}
    _keep(db, trip, sorted(changed, key=lambda one: ends[one.role]))
    _note(db, trip, "convoy.role", by, now, registration=registration_id, role=role.value)


def _place(line: Sequence[InLine], registration_id: int) -> int:
    for place, one in enumerate(line):
        if one.registration.id == registration_id:
            return place
    raise NotInConvoy(N_("This car has no place on the trip."))


def _rows(db: Session, trip: Trip) -> Sequence[ConvoyCar]:
    return db.scalars(select(ConvoyCar).where(ConvoyCar.trip_id == trip.id)).all()


def _keep(db: Session, trip: Trip, line: Sequence[InLine]) -> None:
    """Write the order down, also of cars that had no place in it yet."""
    rows = {row.registration_id: row for row in _rows(db, trip)}
    for position, one in enumerate(line, start=1):
        row = rows.get(one.registration.id)
        if row is None:
            row = ConvoyCar(trip_id=trip.id, registration_id=one.registration.id)
            db.add(row)
        row.position, row.role = position, one.role
    db.flush()


def _note(
    db: Session, trip: Trip, act: str, by: int | None, now: datetime, **details: object
) -> None:
    audit.record(db, act, "event", trip.event_id, by=by, now=now, **details)
    db.flush()
