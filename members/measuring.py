"""What is measured at a car goes into its archive; the newest value of each thing counts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from members.models import CarMeasurement, Measure, ServiceOrder, Spot, Vehicle

_ODOMETER = (CarMeasurement.measure == Measure.ODOMETER, CarMeasurement.aside.is_(False))


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that was read: hundredths of a unit, or a text."""

    measure: Measure
    value: int | None = None
    unit: str = ""
    text: str | None = None
    spot: Spot = Spot.WHOLE
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where readings come from: its kind and number, the day, and who wrote it down."""

    kind: str
    number: int | None
    on: date
    now: datetime
    by: int | None


def note(db: Session, vehicle: Vehicle, readings: Iterable[Reading], source: Source) -> int:
    """Keep what a source says of a car, in the place of what it said before; how many values.

    An odometer reading moves the car's mileage unless it is put aside (R50).
    """
    forget(db, vehicle, source.kind, source.number)
    kept = 0
    for reading in readings:
        db.add(_row(vehicle, reading, source))
        kept += 1
        if reading.measure is Measure.ODOMETER and reading.value and not reading.aside:
            vehicle.read_odometer(reading.value // 100, source.on)
    db.flush()
    return kept


def forget(db: Session, vehicle: Vehicle, kind: str, number: int | None) -> None:
    """What this source said of the car is not said any more. Where its odometer is the car's
    mileage, that is again the newest reading that remains, of a check or of a visit."""
    if number is None:
        return
    said = (
        CarMeasurement.vehicle_id == vehicle.id,
        CarMeasurement.source == kind,
        CarMeasurement.source_id == number,
    )
    read = db.scalar(select(CarMeasurement).where(*said, *_ODOMETER))
    db.execute(delete(CarMeasurement).where(*said))
    if read is not None and _is_mileage(vehicle, read):
        vehicle.mileage_km, vehicle.mileage_on = _newest_odometer(db, vehicle.id)


def odometer_without(
    db: Session, vehicle: Vehicle, kind: str, number: int | None
) -> tuple[int, date | None] | None:
    """The mileage on file as if this source had said nothing; its correction is held against it."""
    read = db.scalar(
        select(CarMeasurement).where(
            CarMeasurement.vehicle_id == vehicle.id,
            CarMeasurement.source == kind,
            CarMeasurement.source_id == number,
            *_ODOMETER,
        )
    )
    if read is None or not _is_mileage(vehicle, read):
        return last_odometer(vehicle)
    km, on = _newest_odometer(db, vehicle.id, but=read.id)
    return None if km is None else (km, on)


def _is_mileage(vehicle: Vehicle, read: CarMeasurement) -> bool:
    return (vehicle.mileage_km, vehicle.mileage_on) == _kilometres(read)


def _kilometres(read: CarMeasurement) -> tuple[int, date]:
    return (read.value or 0) // 100, read.measured_on


def _newest_odometer(
    db: Session, vehicle_id: int, *, but: int = 0
) -> tuple[int, date] | tuple[None, None]:
    """The newest reading of a check, a hand or a visit, but for the measurement `but`."""
    measured = db.scalar(
        select(CarMeasurement)
        .where(CarMeasurement.vehicle_id == vehicle_id, CarMeasurement.id != but, *_ODOMETER)
        .order_by(CarMeasurement.measured_on.desc(), CarMeasurement.value.desc())
        .limit(1)
    )
    visited = db.execute(
        select(ServiceOrder.mileage_km, ServiceOrder.serviced_on)
        .where(ServiceOrder.vehicle_id == vehicle_id, ServiceOrder.mileage_km.is_not(None))
        .order_by(ServiceOrder.serviced_on.desc(), ServiceOrder.mileage_km.desc())
        .limit(1)
    ).first()
    found = [_kilometres(measured)] if measured else []
    if visited is not None:
        found.append((visited[0] or 0, visited[1]))
    return max(found, key=lambda one: (one[1], one[0]), default=(None, None))


def newest(db: Session, vehicle_ids: Collection[int]) -> dict[int, list[CarMeasurement]]:
    """The newest value of each thing at each spot, by car; what was put aside is left out."""
    rows = db.scalars(
        select(CarMeasurement)
        .where(CarMeasurement.vehicle_id.in_(vehicle_ids), CarMeasurement.aside.is_(False))
        .order_by(CarMeasurement.measured_on, CarMeasurement.id)
    )
    found: dict[tuple[int, Measure, Spot], CarMeasurement] = {}
    for row in rows:
        found[row.vehicle_id, row.measure, row.spot] = row
    by_car: dict[int, list[CarMeasurement]] = {one: [] for one in vehicle_ids}
    for row in found.values():
        by_car[row.vehicle_id].append(row)
    return by_car


def last_odometer(vehicle: Vehicle) -> tuple[int, date | None] | None:
    """The reading on file and its day."""
    if vehicle.mileage_km is None:
        return None
    return vehicle.mileage_km, vehicle.mileage_on


def text_of(rows: Sequence[CarMeasurement], measure: Measure) -> str:
    """What the archive says in words, such as the size of the tyres."""
    return next((row.text or "" for row in rows if row.measure is measure), "")


def _row(vehicle: Vehicle, reading: Reading, source: Source) -> CarMeasurement:
    return CarMeasurement(
        vehicle_id=vehicle.id,
        measure=reading.measure,
        spot=reading.spot,
        value=reading.value,
        text=reading.text,
        unit=reading.unit,
        aside=reading.aside,
        measured_on=source.on,
        source=source.kind,
        source_id=source.number,
        recorded_at=source.now,
        account_id=source.by,
    )
