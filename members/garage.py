"""The garage: the cars that owners have, added, changed and given up by themselves (R48)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import BodyType, Energy, Owner, Ownership, ServiceOrder, Vehicle
from members.plates import PlateKind, normalise_plate
from members.vins import normalise_vin

_PURE_ELECTRIC = "ABCDE"


class NothingKnown(Refusal):
    """A car needs at least a plate, a VIN or a model, or nobody can tell which it is."""


class AlreadyYours(Refusal):
    """The car stands in this garage."""


class AskStaff(Refusal):
    """The plate or the VIN is known otherwise; a person at the counter decides."""


class VinIsSettled(Refusal):
    """A VIN that is known changes only at the counter."""


class DayOutOfRange(Refusal):
    """The day lies in the future or before the car was theirs."""


@dataclass(frozen=True, slots=True)
class CarFacts:
    """What an owner says of a car, as typed; empty texts and None are not known."""

    plate: str = ""
    vin: str = ""
    make: str = ""
    model: str = ""
    colour: str = ""
    model_year: int | None = None
    body: BodyType = BodyType.SEDAN
    energy: Energy | None = None
    mileage_km: int | None = None
    compulsory_insurance_until: date | None = None
    commercial_insurance_until: date | None = None
    inspection_until: date | None = None


def energy_of(plate: str | None) -> Energy:
    """What a green plate tells: its letter says purely electric or not."""
    if plate is None or normalise_plate(plate).kind is not PlateKind.GREEN:
        return Energy.FUEL
    letter = next(sign for sign in (plate[2], plate[-1]) if sign.isalpha())
    return Energy.ELECTRIC if letter in _PURE_ELECTRIC else Energy.PLUG_IN


def cars_query(owner_id: int) -> Select[Vehicle]:
    """The cars that an owner has now, the newest first."""
    return (
        select(Vehicle)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(Ownership.owner_id == owner_id, Ownership.until_on.is_(None))
        .order_by(Ownership.from_on.desc(), Vehicle.id.desc())
    )


def own_car(db: Session, owner_id: int, vehicle_id: int) -> Vehicle | None:
    """The car, if it stands in this owner's garage today."""
    return db.scalars(cars_query(owner_id).where(Vehicle.id == vehicle_id)).first()


def visits_query(owner_id: int, vehicle_id: int) -> Select[ServiceOrder]:
    """The workshop visits of a car that this owner paid for, the newest first."""
    return (
        select(ServiceOrder)
        .where(ServiceOrder.vehicle_id == vehicle_id, ServiceOrder.owner_id == owner_id)
        .order_by(ServiceOrder.serviced_on.desc(), ServiceOrder.id.desc())
    )


def add_car(
    db: Session, owner: Owner, said: CarFacts, *, today: date, by: int | None, now: datetime
) -> Vehicle:
    """Put a car into the owner's garage, found by its VIN where nobody has it now, else new.

    A known plate on another VIN, or a car that someone else has, is for a person to decide; the
    refusal says nothing of the other owner.
    """
    vin = normalise_vin(said.vin).text if said.vin.strip() else None
    plate = normalise_plate(said.plate).text if said.plate.strip() else None
    if not (vin or plate or said.model.strip()):
        raise NothingKnown(N_("Please give the plate, the VIN or at least the model."))
    vehicle = _free_car(db, owner.id, vin, plate)
    if vehicle is None:
        vehicle = Vehicle(vin=vin, energy=Energy.FUEL, created_at=now)
        db.add(vehicle)
    vehicle.plate = plate or vehicle.plate
    _tell_energy(vehicle, said.energy, plate)
    _describe(vehicle, said, today)
    _store(db)
    db.add(Ownership(owner_id=owner.id, vehicle_id=vehicle.id, from_on=today))
    audit.record(db, "vehicle.add", "vehicle", vehicle.id, by=by, now=now, owner=owner.id)
    db.flush()
    return vehicle


def change_car(
    db: Session,
    owner: Owner,
    vehicle: Vehicle,
    said: CarFacts,
    *,
    today: date,
    by: int | None,
    now: datetime,
) -> None:
    """Correct what is known of a car. A new plate is a change; a VIN is only ever added."""
    vin = normalise_vin(said.vin).text if said.vin.strip() else None
    plate = normalise_plate(said.plate).text if said.plate.strip() else None
    if vehicle.vin and vin and vin != vehicle.vin:
        raise VinIsSettled(
            N_("The VIN of this car is settled. If it is wrong, please speak to us.")
        )
    for column, value in ((Vehicle.plate, plate), (Vehicle.vin, vin)):
        if value and _other(db, vehicle, column == value):
            raise _ask_staff()
    vehicle.vin = vehicle.vin or vin
    vehicle.plate = plate or vehicle.plate
    _tell_energy(vehicle, said.energy, plate)
    _describe(vehicle, said, today)
    _store(db)
    audit.record(db, "vehicle.change", "vehicle", vehicle.id, by=by, now=now, owner=owner.id)
    db.flush()


def give_up(
    db: Session,
    owner: Owner,
    vehicle: Vehicle,
    *,
    on: date,
    today: date,
    by: int | None,
    now: datetime,
) -> None:
    """End the ownership on a day: the car leaves the garage, its history stays with the owner."""
    held = db.scalars(
        select(Ownership).where(
            Ownership.owner_id == owner.id,
            Ownership.vehicle_id == vehicle.id,
            Ownership.until_on.is_(None),
        )
    ).one()
    if on > today or (held.from_on is not None and on < held.from_on):
        raise DayOutOfRange(N_("Please choose a day since the car was yours, and not after today."))
    held.until_on = on
    audit.record(db, "vehicle.give-up", "vehicle", vehicle.id, by=by, now=now, owner=owner.id)
    db.flush()


def _free_car(db: Session, owner_id: int, vin: str | None, plate: str | None) -> Vehicle | None:
    """The known car with this VIN that nobody has now; refused where plate or VIN are taken."""
    by_vin = db.scalar(select(Vehicle).where(Vehicle.vin == vin)) if vin else None
    by_plate = db.scalar(select(Vehicle).where(Vehicle.plate == plate)) if plate else None
    for known in (by_vin, by_plate):
        if known is not None and own_car(db, owner_id, known.id):
            raise AlreadyYours(N_("This car is in your garage already."))
    if by_plate is not None and by_plate is not by_vin:
        raise _ask_staff()
    if by_vin is not None and _has_owner(db, by_vin.id):
        raise _ask_staff()
    return by_vin


def _has_owner(db: Session, vehicle_id: int) -> bool:
    open_ones = select(Ownership.id).where(
        Ownership.vehicle_id == vehicle_id, Ownership.until_on.is_(None)
    )
    return db.scalar(open_ones.limit(1)) is not None


def _other(db: Session, vehicle: Vehicle, same: object) -> bool:
    found = select(Vehicle.id).where(same, Vehicle.id != vehicle.id)  # type: ignore[arg-type]
    return db.scalar(found) is not None


def _describe(vehicle: Vehicle, said: CarFacts, today: date) -> None:
    vehicle.make = said.make.strip() or vehicle.make or ""
    vehicle.model = said.model.strip() or vehicle.model or ""
    vehicle.colour = said.colour.strip() or vehicle.colour
    vehicle.model_year = said.model_year or vehicle.model_year
    vehicle.body = said.body
    vehicle.compulsory_insurance_until = said.compulsory_insurance_until
    vehicle.commercial_insurance_until = said.commercial_insurance_until
    vehicle.inspection_until = said.inspection_until
    if said.mileage_km is not None and said.mileage_km != vehicle.mileage_km:
        vehicle.mileage_km, vehicle.mileage_on = said.mileage_km, today


def _tell_energy(vehicle: Vehicle, said: Energy | None, plate: str | None) -> None:
    """What the owner says, else what a green plate tells of a car of which nothing was said."""
    if said is not None:
        vehicle.energy, vehicle.energy_said = said, True
    elif not vehicle.energy_said and (told := energy_of(plate)) is not Energy.FUEL:
        vehicle.energy = told


def _store(db: Session) -> None:
    """Another garage may take the same plate in the same moment: then a person decides too."""
    try:
        with db.begin_nested():
            db.flush()
    except IntegrityError as taken:
        raise _ask_staff() from taken


def _ask_staff() -> AskStaff:
    return AskStaff(
        N_("This plate or VIN is on file otherwise. Please speak to us, we sort it out with you.")
    )
