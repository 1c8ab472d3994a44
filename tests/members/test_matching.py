"""Whose order a row is, on both databases."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.refusals import Refusal
from members.matching import (
    Archive,
    CarOfAnother,
    Match,
    NobodyNamed,
    PlateOnAnotherCar,
    SeveralOwners,
    Sight,
)
from members.models import Owner, OwnerIdentity, Ownership, Vehicle
from tests.club.scene import NOW

VIN, OTHER_VIN = "LFV2A21K8G3123456", "LSVNV2182E2100001"
PLATE, OTHER_PLATE = "粤B12345", "粤BD12345"


def seen(db: Session, source: str = "dms", **facts: Any) -> Match:
    """One row of a file of its own."""
    sight = Sight(**facts)
    archive = Archive(db, source, [sight])
    match = archive.match(sight, now=NOW)
    archive.flush()
    db.expire_all()
    return match


def owners(db: Session) -> int:
    return db.scalars(select(func.count()).select_from(Owner)).one()


def test_the_external_id_comes_first(db: Session) -> None:
    """R49: known as K1 and met again without a name; red when identities are not kept."""
    first = seen(db, customer_id="K1", name="王建国")
    again = seen(db, customer_id="K1")
    assert (again.owner.id, again.is_new) == (first.owner.id, False)


def test_external_ids_of_two_systems_are_apart(db: Session) -> None:
    """R49: K1 elsewhere is another customer; red without the source."""
    assert seen(db, customer_id="K1").owner is not seen(db, "crm", customer_id="K1").owner
    assert owners(db) == 2


@pytest.mark.parametrize(
    "known", [{"vin": VIN}, {"plate": PLATE}, {"phone": "+8613800138000", "name": "王建国"}]
)
def test_then_vin_plate_and_phone_with_name(db: Session, known: dict[str, str]) -> None:
    """R49: another system's customer is found by the car or the phone, and gets its number.

    Red without the step that the case names.
    """
    first = seen(db, customer_id="K1", **known)
    again = seen(db, "crm", customer_id="77", **known)
    assert again.owner.id == first.owner.id
    assert db.scalars(select(OwnerIdentity.source).order_by(OwnerIdentity.id)).all() == [
        "dms",
        "crm",
    ]


def test_a_phone_with_another_name_is_another_owner(db: Session) -> None:
    """R49: father and son share a phone; red when the phone alone is enough."""
    seen(db, phone="+8613800138000", name="王建国")
    assert seen(db, phone="+8613800138000", name="王小明").is_new
    assert owners(db) == 2


def test_two_candidates_are_never_merged(db: Session) -> None:
    """R49: two of one name and phone; red when the first is taken."""
    for number in ("K1", "K2"):
        owner = Owner(name="王建国", phone="+8613800138000", created_at=NOW)
        db.add(owner)
        db.flush()
        db.add(OwnerIdentity(owner_id=owner.id, source="dms", external_id=number))
    db.flush()
    with pytest.raises(SeveralOwners):
        seen(db, "crm", phone="+8613800138000", name="王建国")
    assert owners(db) == 2


def test_another_number_in_the_same_system_is_for_a_person(db: Session) -> None:
    """R49: K2 comes with the car of K1; red when K2 becomes K1."""
    seen(db, customer_id="K1", vin=VIN)
    with pytest.raises(CarOfAnother):
        seen(db, customer_id="K2", vin=VIN)
    assert db.scalars(select(OwnerIdentity.external_id)).all() == ["K1"]


def test_a_new_plate_on_a_known_vin_is_a_change(db: Session) -> None:
    """R48: red when the plate of a known car stays."""
    seen(db, vin=VIN, plate=PLATE)
    seen(db, vin=VIN, plate=OTHER_PLATE)
    assert db.execute(select(Vehicle.vin, Vehicle.plate)).all() == [(VIN, OTHER_PLATE)]


def test_a_known_plate_on_a_new_vin_is_a_conflict(db: Session) -> None:
    """R48: red when the plate moves or a second car is made; nothing of the row is kept."""
    seen(db, vin=VIN, plate=PLATE)
    with pytest.raises(PlateOnAnotherCar):
        seen(db, vin=OTHER_VIN, plate=PLATE)
    assert db.scalars(select(Vehicle.vin)).all() == [VIN]
    assert owners(db) == 1


def test_a_car_known_by_plate_learns_its_vin(db: Session) -> None:
    seen(db, plate=PLATE)
    seen(db, plate=PLATE, vin=VIN)
    assert db.execute(select(Vehicle.vin, Vehicle.plate)).all() == [(VIN, PLATE)]


def test_a_row_that_names_nobody_is_refused(db: Session) -> None:
    with pytest.raises(NobodyNamed) as refusal:
        seen(db, name="王建国")
    assert isinstance(refusal.value, Refusal)
    assert owners(db) == 0


def test_a_new_car_belongs_to_its_owner(db: Session) -> None:
    found = seen(db, customer_id="K1", vin=VIN)
    held = db.scalars(select(Ownership)).one()
    assert found.vehicle is not None
    assert (held.owner_id, held.vehicle_id) == (found.owner.id, found.vehicle.id)
