"""The car that a new member names, and whose archive it stands in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from members import plates, vins
from members.garage import energy_of
from members.models import Owner, Ownership, Vehicle


@dataclass(frozen=True, slots=True)
class Car:
    """A car by its plate or its VIN."""

    plate: str | None = None
    vin: str | None = None


def read_car(text: str) -> Car | None:
    """The plate or VIN that was typed into one field; None for nothing. Raises a Refusal."""
    signs = "".join(text.split())
    if not signs:
        return None
    if len(signs) >= vins.LENGTH - 2 and signs.isascii():
        return Car(vin=vins.normalise_vin(signs).text)
    return Car(plate=plates.normalise_plate(signs).text)


def attach(db: Session, owner: Owner, car: Car, *, now: datetime) -> Owner | None:
    """Put the car into the owner's garage, unless it stands in another's archive: then that one.

    A plate can be read in the street, so it proves nothing.
    """
    vehicle = _find(db, car) or _make(db, car, now)
    holder = _holder(db, vehicle)
    if holder is None:
        db.add(Ownership(owner_id=owner.id, vehicle_id=vehicle.id))
        db.flush()
    return holder if holder is not None and holder.id != owner.id else None


def _find(db: Session, car: Car) -> Vehicle | None:
    column, text = (Vehicle.vin, car.vin) if car.vin else (Vehicle.plate, car.plate)
    return db.scalar(select(Vehicle).where(column == text))


def _make(db: Session, car: Car, now: datetime) -> Vehicle:
    vehicle = Vehicle(plate=car.plate, vin=car.vin, energy=energy_of(car.plate), created_at=now)
    try:
        with db.begin_nested():
            db.add(vehicle)
    except IntegrityError:  # someone else named it at the same moment
        found = _find(db, car)
        assert found is not None
        return found
    return vehicle


def _holder(db: Session, vehicle: Vehicle) -> Owner | None:
    """Whoever has the car now, else whoever had it last."""
    return db.scalar(
        select(Owner)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Ownership.vehicle_id == vehicle.id)
        .order_by(Ownership.until_on.is_not(None), Ownership.id.desc())
        .limit(1)
    )
