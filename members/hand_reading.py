"""Measurements written into a car's archive by hand: noted, corrected, taken back (R50)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members import measuring, odometer
from members.measured_values import ValueUnclear
from members.measuring import Reading, Source
from members.models import HandReading, Measure, Spot, Vehicle

SOURCE = "hand"
SHOWN = 30
LONGEST_TEXT = 40
_WHEELS = (Spot.FRONT_LEFT, Spot.FRONT_RIGHT, Spot.REAR_LEFT, Spot.REAR_RIGHT)
_WHOLE = (Spot.WHOLE,)
TEXTS = (Measure.TYRE_BRAND, Measure.TYRE_SIZE, Measure.TYRE_DOT)


class ReadingRefused(Refusal):
    """Nothing was written down, of a day that has not come, or of a reading that is gone."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is read where and in which unit, and between which hundredths it can lie."""

    measure: Measure
    unit: str
    spots: tuple[Spot, ...]
    least: int
    most: int


MEASURED = (
    Measured(Measure.PAD, "mm", _WHEELS, 0, 3000),
    Measured(Measure.TREAD, "mm", _WHEELS, 0, 2000),
    Measured(Measure.PRESSURE, "bar", _WHEELS, 0, 1000),
    Measured(Measure.BATTERY, "V", _WHOLE, 0, 3000),
    Measured(Measure.BRAKE_WATER, "%", _WHOLE, 0, 1000),
    Measured(Measure.COOLANT, "°C", _WHOLE, -8000, 2000),
    Measured(Measure.WASH, "°C", _WHOLE, -8000, 2000),
    Measured(Measure.VENT, "°C", _WHOLE, -2000, 6000),
)
_KNOWN = {one.measure: one for one in MEASURED}
_MEASURES = {measure.value: measure for measure in Measure}
_SPOTS = {spot.value: spot for spot in Spot}


@dataclass(frozen=True, slots=True)
class Said:
    """What was read on a day; `sure`: the odometer was read twice."""

    on: date
    readings: Sequence[Reading]
    sure: bool = False


def note(
    db: Session, vehicle: Vehicle, said: Said, *, today: date, by: int | None, now: datetime
) -> HandReading:
    """Into the archive, with its day and who wrote it."""
    known = measuring.last_odometer(vehicle)
    row = HandReading(vehicle=vehicle, recorded_at=now, account_id=by)
    return _keep(db, row, _checked(said, known, today), "hand-reading.write", by, now)


def correct(
    db: Session, row: HandReading, said: Said, *, today: date, by: int | None, now: datetime
) -> HandReading:
    """What was written wrongly, in its place; an odometer is held against what others read."""
    _hold(db, row)
    known = measuring.odometer_without(db, row.vehicle, SOURCE, row.id)
    return _keep(db, row, _checked(said, known, today), "hand-reading.correct", by, now)


def take_back(db: Session, row: HandReading, *, by: int | None, now: datetime) -> None:
    """It was of another car, or never read: its values leave the archive."""
    _hold(db, row)
    row.taken_back_at, row.taken_back_by_id = now, by
    measuring.forget(db, row.vehicle, SOURCE, row.id)
    audit.record(
        db, "hand-reading.take-back", "vehicle", row.vehicle_id, by=by, now=now, reading=row.id
    )
    db.flush()


def readings_of(db: Session, vehicle_id: int) -> Sequence[HandReading]:
    """What was written by hand of a car, newest first; also what was taken back."""
    return db.scalars(
        select(HandReading)
        .where(HandReading.vehicle_id == vehicle_id)
        .options(joinedload(HandReading.account), joinedload(HandReading.taken_back_by))
        .order_by(HandReading.read_on.desc(), HandReading.id.desc())
        .limit(SHOWN)
    ).all()


def said_in(row: HandReading) -> list[Reading]:
    """What it said, as it was written."""
    return [
        Reading(_MEASURES[measure], value, unit, text, _SPOTS[spot], aside)
        for measure, spot, value, unit, text, aside in row.said
    ]


def _hold(db: Session, row: HandReading) -> None:
    """One of those who correct it or take it back at a time."""
    db.refresh(row, with_for_update=True)
    if row.taken_back_at is not None:
        raise ReadingRefused(N_("This reading was taken back already."))


def _checked(said: Said, known: odometer.Known, today: date) -> Said:
    if said.on > today:
        raise ReadingRefused(N_("Nothing was read on a day that has not come."))
    if not said.readings:
        raise ReadingRefused(N_("Please enter at least one value."))
    return replace(said, readings=[_possible(one, known, said) for one in said.readings])


def _possible(one: Reading, known: odometer.Known, said: Said) -> Reading:
    """The reading, put aside where it is an odometer that was read twice and cannot be right."""
    if one.measure is Measure.ODOMETER:
        against = odometer.unlikely(known, (one.value or 0) // 100, said.on)
        if against is not None and not said.sure:
            raise against
        return replace(one, aside=against is not None)
    limits = _KNOWN.get(one.measure)
    if limits is None or one.value is None:
        return one
    if not limits.least <= one.value <= limits.most:
        raise ValueUnclear(
            N_("“%(text)s %(unit)s” cannot be. Please look at it again."),
            text=f"{one.value / 100:g}",
            unit=limits.unit,
        )
    return one


def _keep(
    db: Session, row: HandReading, said: Said, act: str, by: int | None, now: datetime
) -> HandReading:
    row.read_on = said.on
    row.said = [
        [one.measure.value, one.spot.value, one.value, one.unit, one.text, one.aside]
        for one in said.readings
    ]
    db.add(row)
    db.flush()
    measuring.note(db, row.vehicle, said.readings, Source(SOURCE, row.id, said.on, now, by))
    audit.record(
        db,
        act,
        "vehicle",
        row.vehicle_id,
        by=by,
        now=now,
        reading=row.id,
        values=len(said.readings),
    )
    db.flush()
    return row
