"""Whose order is it: by external id, then VIN, then plate, then phone and name (R49).

Two candidates are never merged by themselves, and a plate that is known on another car is for a
person to look at (R48): such rows are refused with the reason.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Owner, OwnerIdentity, Ownership, Vehicle
from members.names import sort_key

OLD_CARD = N_("old card")
"""Where the numbers of cards come from that are not the club's own any more."""


class NobodyNamed(Refusal):
    """The row names no customer, car or phone."""


class SeveralOwners(Refusal):
    """More than one owner fits; a person decides."""


class CarOfAnother(Refusal):
    """The car belongs to somebody whom the same system knows under another number."""


class PlateOnAnotherCar(Refusal):
    """The plate is known on a car with another VIN."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a row tells of the owner and the car; codes are normalised already."""

    customer_id: str | None = None
    name: str = ""
    phone: str | None = None
    vin: str | None = None
    plate: str | None = None
    make: str = ""
    model: str = ""
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The owner and the car of a row, found or made."""

    owner: Owner
    vehicle: Vehicle | None
    is_new: bool


class Archive:
    """The owners and cars that a part of a file may speak of, read once and kept in step."""

    def __init__(self, db: Session, source: str, sights: Collection[Sight]):
        self.db, self.source = db, source
        self._read_identities({sight.customer_id for sight in sights if sight.customer_id})
        self._read_phones({sight.phone for sight in sights if sight.phone})
        self._read_cars(
            {sight.vin for sight in sights if sight.vin},
            {sight.plate for sight in sights if sight.plate},
        )
        self._unwritten: list[tuple[Owner, str]] = []

    def flush(self) -> None:
        """Give new owners and cars their ids and write who they are in the other system."""
        self.db.flush()
        for owner, customer_id in self._unwritten:
            self.db.add(
                OwnerIdentity(owner_id=owner.id, source=self.source, external_id=customer_id)
            )
        self._unwritten.clear()
        self.db.flush()

    def known(self, sight: Sight) -> Owner | None:
        """The owner of a row if we know one; nothing is changed."""
        return self._owner(sight, self._car(sight))

    def match(self, sight: Sight, *, now: datetime) -> Match:
        """The owner and car of a row, without ids until `flush`. Refuses before any change."""
        if not (sight.customer_id or sight.vin or sight.plate or sight.phone):
            raise NobodyNamed(N_("The row names no customer, no car and no phone."))
        vehicle = self._car(sight)
        known = self._owner(sight, vehicle)
        owner = known or self._new_owner(sight, now)
        if sight.customer_id and sight.customer_id not in self.by_identity:
            self._identify(owner, sight.customer_id)
        self._complete(owner, sight)
        if sight.vin or sight.plate:
            vehicle = self._keep_car(vehicle, owner, sight, now)
        return Match(owner, vehicle, known is None)

    def _owner(self, sight: Sight, vehicle: Vehicle | None) -> Owner | None:
        if sight.customer_id in self.by_identity:
            return self.by_identity[sight.customer_id]
        found = self._owner_of(vehicle) if vehicle else None
        if found is None and sight.phone and sight.name:
            same = [each for each in self.by_phone[sight.phone] if each.name == sight.name]
            found = self._only(same)
        if found and sight.customer_id and found in self.known_here:
            raise CarOfAnother(
                N_("This car or phone belongs to an owner with another customer number.")
            )
        return found

    def _owner_of(self, vehicle: Vehicle) -> Owner | None:
        open_now = {each.owner for each in vehicle.ownerships if each.until_on is None}
        return self._only(open_now)

    def _only(self, owners: Iterable[Owner]) -> Owner | None:
        found = list(owners)
        if len(found) > 1:
            raise SeveralOwners(N_("More than one owner fits this row; please decide by hand."))
        return found[0] if found else None

    def _car(self, sight: Sight) -> Vehicle | None:
        """The car by VIN, else by plate; a known plate on a new VIN is a conflict (R48)."""
        by_vin = self.by_vin.get(sight.vin or "")
        by_plate = self.by_plate.get(sight.plate or "")
        if by_plate and sight.vin and by_plate is not by_vin and (by_vin or by_plate.vin):
            raise PlateOnAnotherCar(
                N_("Plate %(plate)s is known on another car; please look which is right."),
                plate=sight.plate,
            )
        return by_vin or by_plate

    def _keep_car(
        self, vehicle: Vehicle | None, owner: Owner, sight: Sight, now: datetime
    ) -> Vehicle:
        car = vehicle or Vehicle(created_at=now, make=sight.make, model=sight.model, ownerships=[])
        if vehicle is None:
            self.db.add(car)
        if sight.vin and car.vin != sight.vin:
            car.vin = sight.vin
            self.by_vin[sight.vin] = car
        if sight.plate and car.plate != sight.plate:
            self.by_plate.pop(car.plate or "", None)
            car.plate = sight.plate
            self.by_plate[sight.plate] = car
        car.make, car.model = car.make or sight.make, car.model or sight.model
        if not any(each.until_on is None for each in car.ownerships):
            car.ownerships.append(Ownership(owner=owner, from_on=sight.seen_on))
        return car

    def _new_owner(self, sight: Sight, now: datetime) -> Owner:
        owner = Owner(
            name=sight.name, name_sort=sort_key(sight.name), phone=sight.phone, created_at=now
        )
        self.db.add(owner)
        if sight.phone:
            self.by_phone[sight.phone].append(owner)
        return owner

    def _identify(self, owner: Owner, customer_id: str) -> None:
        self._unwritten.append((owner, customer_id))
        self.by_identity[customer_id] = owner
        self.known_here.add(owner)

    def _complete(self, owner: Owner, sight: Sight) -> None:
        """Fill what was empty; what people wrote before is not overwritten by a file."""
        if not owner.name and sight.name:
            owner.name, owner.name_sort = sight.name, sort_key(sight.name)
        if owner.phone is None and sight.phone:
            owner.phone = sight.phone
            self.by_phone[sight.phone].append(owner)

    def _read_identities(self, customer_ids: Collection[str]) -> None:
        rows = self.db.execute(
            select(OwnerIdentity.external_id, Owner)
            .join(Owner, Owner.id == OwnerIdentity.owner_id)
            .where(OwnerIdentity.source == self.source, OwnerIdentity.external_id.in_(customer_ids))
        )
        self.by_identity: dict[str | None, Owner] = {
            external_id: self._standing(owner) for external_id, owner in rows
        }

    def _read_phones(self, phones: Collection[str]) -> None:
        self.by_phone: dict[str, list[Owner]] = defaultdict(list)
        query = select(Owner).where(Owner.phone.in_(phones), Owner.is_here())
        for owner in self.db.scalars(query.order_by(Owner.id)):
            self.by_phone[owner.phone or ""].append(owner)

    def _read_cars(self, vins: Collection[str], plates: Collection[str]) -> None:
        query = (
            select(Vehicle)
            .where(or_(Vehicle.vin.in_(vins), Vehicle.plate.in_(plates)))
            .options(joinedload(Vehicle.ownerships).joinedload(Ownership.owner))
        )
        cars = self.db.scalars(query).unique().all()
        self.by_vin = {car.vin: car for car in cars if car.vin}
        self.by_plate = {car.plate: car for car in cars if car.plate}
        owners = {each.owner_id for car in cars for each in car.ownerships}
        owners |= {owner.id for found in self.by_phone.values() for owner in found}
        query_known = (
            select(Owner)
            .join(OwnerIdentity, OwnerIdentity.owner_id == Owner.id)
            .where(OwnerIdentity.source == self.source, Owner.id.in_(owners))
        )
        self.known_here = set(self.db.scalars(query_known))

    def _standing(self, owner: Owner) -> Owner:
        """Whom a merged owner became."""
        while owner.merged_into_id is not None:
            owner = self.db.get_one(Owner, owner.merged_into_id)
        return owner
