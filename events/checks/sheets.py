"""The sheet of one car: begun at the car, filled point by point, signed by the technician."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from events.checks import points
from events.checks.colours import proposed
from events.checks.refusals import NotPlaced, SheetClosed
from events.models import CheckResult, CheckSheet, Colour, Registration, RegistrationState
from foundation import audit, clock
from foundation.words import N_
from members import measuring, odometer
from members.measured_values import ValueUnclear
from members.models import Measure, Vehicle

LONGEST = 500
LONGEST_TYRE = 40
_TYRES = {
    Measure.TYRE_BRAND: "tyre_brand",
    Measure.TYRE_SIZE: "tyre_size",
    Measure.TYRE_DOT: "tyre_dot",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What was found at one point. Without a colour the limits decide; values in hundredths."""

    result_id: int
    colour: Colour | None = None
    measured: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    advice: str = ""
    price_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top of a sheet. `sure`: the odometer was read twice."""

    odometer_km: int | None
    sure: bool = False
    tyre_brand: str = ""
    tyre_size: str = ""
    tyre_dot: str = ""


def check_of(db: Session, registration_id: int) -> CheckSheet | None:
    """The sheet of a registration, open or signed."""
    return db.scalar(select(CheckSheet).where(CheckSheet.registration_id == registration_id))


def hold(db: Session, check: CheckSheet) -> None:
    """Whoever else writes on this sheet waits; what they wrote until now is read again."""
    db.scalars(
        select(CheckSheet)
        .where(CheckSheet.id == check.id)
        .options(selectinload(CheckSheet.results))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def report_of(db: Session, registration_id: int) -> CheckSheet | None:
    """The signed sheet of a registration: what its owner may read."""
    found = check_of(db, registration_id)
    return found if found is not None and found.finished_at is not None else None


def reported(db: Session, registration_ids: Sequence[int]) -> set[int]:
    """Which of these registrations have a report to read."""
    signed = select(CheckSheet.registration_id).where(
        CheckSheet.registration_id.in_(registration_ids), CheckSheet.finished_at.is_not(None)
    )
    return set(db.scalars(signed))


def begin(db: Session, registration: Registration, *, by: int | None, now: datetime) -> CheckSheet:
    """The sheet of a car with the points of its event; a second press gives the same one. A member
    who changes the car in the same moment does so before it, or after."""
    hold_car(db, registration)
    found = check_of(db, registration.id)
    if found is not None:
        return found
    if registration.state != RegistrationState.CONFIRMED:
        raise NotPlaced(N_("This registration has no place any more."))
    if registration.vehicle is None:
        raise NotPlaced(N_("This registration names no car. Add it first."))
    rows = points.ready(db, registration.event, by=by, now=now)
    check = _new(db, registration, registration.vehicle, by=by, now=now)
    try:
        with db.begin_nested():
            db.add(check)
            db.flush()
    except IntegrityError:  # another tablet, in the same moment
        return db.scalars(
            select(CheckSheet).where(CheckSheet.registration_id == registration.id)
        ).one()
    db.add_all(
        CheckResult(check_id=check.id, position=place, **points.values_of(point))
        for place, point in enumerate(rows, 1)
    )
    audit.record(db, "check.begin", "registration", registration.id, by=by, now=now)
    db.flush()
    return check


def hold_car(db: Session, registration: Registration) -> None:
    """Who begins a sheet or changes the car of this registration waits; the car is read again."""
    db.execute(select(Registration.id).where(Registration.id == registration.id).with_for_update())
    db.refresh(registration)


def change_car(db: Session, registration: Registration, vehicle: Vehicle | None) -> None:
    """The member comes with another car: a sheet on which nothing stands yet is that car's; one
    that is begun stays with the car that it was found at."""
    hold_car(db, registration)
    check = check_of(db, registration.id)
    if check is None or (vehicle is not None and check.vehicle_id == vehicle.id):
        return
    hold(db, check)
    if vehicle is None or _is_begun(check):
        raise SheetClosed(
            N_("The check of this car has begun, so another one cannot come in its place.")
        )
    check.vehicle = vehicle
    known = measuring.newest(db, [vehicle.id])[vehicle.id]
    for measure, name in _TYRES.items():
        setattr(check, name, measuring.text_of(known, measure))


def _is_begun(check: CheckSheet) -> bool:
    found = (row.colour or row.measured or row.note or row.photo for row in check.results)
    return check.edition > 0 or check.odometer_km is not None or any(found)


def _new(
    db: Session, registration: Registration, vehicle: Vehicle, *, by: int | None, now: datetime
) -> CheckSheet:
    known = measuring.newest(db, [vehicle.id])[vehicle.id]
    return CheckSheet(
        registration_id=registration.id,
        event_id=registration.event_id,
        owner_id=registration.owner_id,
        vehicle_id=vehicle.id,
        started_at=now,
        started_by_id=by,
        **{name: measuring.text_of(known, measure) for measure, name in _TYRES.items()},
    )


def head(db: Session, check: CheckSheet, said: Head, *, by: int | None, now: datetime) -> None:
    """Odometer and tyres. A reading that falls, or jumps further than anybody drives, is refused
    unless it was read twice; then it is kept aside and moves nothing (R50)."""
    check_open(db, check)
    aside = False
    if said.odometer_km is not None:
        today = clock.shop_day(now, check.event.shop.zone)
        known = measuring.last_odometer(check.vehicle)
        against = odometer.unlikely(known, said.odometer_km, today)
        if against is not None and not said.sure:
            raise against
        aside = against is not None
    check.odometer_km, check.odometer_aside = said.odometer_km, aside
    check.tyre_brand = said.tyre_brand.strip()[:LONGEST_TYRE]
    check.tyre_size = said.tyre_size.strip()[:LONGEST_TYRE]
    check.tyre_dot = said.tyre_dot.strip()[:LONGEST_TYRE]
    audit.record(db, "check.head", "registration", check.registration_id, by=by, now=now)
    db.flush()


def fill(
    db: Session, check: CheckSheet, marks: Iterable[Mark], *, by: int | None, now: datetime
) -> list[CheckResult]:
    """Write down what was found at some points; the others stay as they are."""
    check_open(db, check)
    rows = {row.id: row for row in check.results}
    found = [(rows.get(mark.result_id), mark) for mark in marks]
    changed = []
    for row, mark in found:
        if row is None:
            raise ValueUnclear(N_("This point does not belong to the sheet."))
        row.measured = {spot: mark.measured[spot] for spot in row.places if spot in mark.measured}
        row.colour = mark.colour or proposed(row, row.measured)
        row.note, row.advice = mark.note.strip()[:LONGEST], mark.advice.strip()[:LONGEST]
        row.price_fen = mark.price_fen
        changed.append(row)
    audit.record(
        db, "check.fill", "registration", check.registration_id, by=by, now=now, n=len(changed)
    )
    db.flush()
    return changed


def check_open(db: Session, check: CheckSheet) -> None:
    """A signed sheet is a report and stays as it is, also when it was signed a moment ago."""
    hold(db, check)
    if check.finished_at is not None:
        raise SheetClosed(N_("This sheet is signed. Open it again to change something."))
