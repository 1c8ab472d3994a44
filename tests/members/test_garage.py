"""The garage: whose car is whose, and what is for a person to decide (R48)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from members import garage
from members.garage import AlreadyYours, AskStaff, CarFacts, DayOutOfRange, NothingKnown
from members.models import Energy, Owner, Ownership, Vehicle
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_vehicle

TODAY = date(2026, 3, 2)
VIN = "LVSHCAMB1CE000001"
OTHER_VIN = "LVSHCAMB1CE000002"


def add(db: Session, owner: Owner, **said: str) -> Vehicle:
    return garage.add_car(db, owner, CarFacts(**said), today=TODAY, by=None, now=NOW)


def test_a_car_comes_in_as_it_is_written_once(db: Session, sessions: Sessions) -> None:
    """R48: red when plate or VIN are stored as typed."""
    owner = make_member(db)
    add(db, owner, plate=" 粤b·12345 ", vin=VIN.lower(), model="M5")
    db.commit()
    with sessions() as fresh:
        car = fresh.scalars(garage.cars_query(owner.id)).one()
        assert (car.plate, car.vin, car.model) == ("粤B12345", VIN, "M5")


@pytest.mark.parametrize(
    ("plate", "energy"), [("粤B12345", "fuel"), ("粤BD12345", "electric"), ("粤BF12345", "plug-in")]
)
def test_a_plate_tells_what_drives_a_car_of_which_nothing_is_said(
    db: Session, plate: str, energy: str
) -> None:
    """Red where fuel is assumed of a green plate, and where what is assumed counts as said."""
    car = add(db, make_member(db), plate=plate)
    assert (car.energy.value, car.energy_said) == (energy, False)


def test_a_green_plate_tells_it_of_a_known_car_too(db: Session, sessions: Sessions) -> None:
    """Found by its VIN, and when the plate comes later: red where only a new car's plate is read,
    where a plate outweighs what was said, and where a blue one says fuel."""
    owner = make_member(db)
    found = make_vehicle(db, None, vin=VIN, model="唐")
    later = make_vehicle(db, owner, vin=OTHER_VIN, model="汉")
    told = make_vehicle(db, owner, model="宋", energy=Energy.PLUG_IN, energy_said=True)
    assert add(db, owner, vin=VIN, plate="粤BD12345").id == found.id
    for car, plate in ((later, "粤BF12345"), (told, "粤BD54321"), (later, "粤B54321")):
        said = CarFacts(plate=plate)
        garage.change_car(db, owner, car, said, today=TODAY, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        cars = fresh.scalars(select(Vehicle).order_by(Vehicle.id)).all()
        assert [(car.energy.value, car.energy_said) for car in cars] == [
            ("electric", False),
            ("plug-in", False),
            ("plug-in", True),
        ]


def test_a_car_of_another_is_for_a_person_to_decide(db: Session) -> None:
    """R48: the refusal names nobody; red when the open ownership is not looked for."""
    make_vehicle(db, make_member(db, "欧阳雪梅"), plate="粤B12345", vin=VIN)
    with pytest.raises(AskStaff) as no:
        add(db, make_member(db), vin=VIN)
    assert "欧阳" not in str(no.value)
    assert db.scalars(select(Vehicle)).one().vin == VIN


def test_a_known_plate_on_a_new_vin_is_a_conflict(db: Session) -> None:
    """R48: red when neither the look-up nor, behind it, the unique plate refuses."""
    make_vehicle(db, None, plate="粤B12345", vin=VIN)
    with pytest.raises(AskStaff):
        add(db, make_member(db), plate="粤B12345", vin=OTHER_VIN)


def test_a_new_plate_on_a_known_vin_is_a_change(db: Session) -> None:
    """R48: nobody has the car now, so its VIN leads to it."""
    known = make_vehicle(db, None, plate="粤B12345", vin=VIN)
    assert add(db, make_member(db), plate="粤B54321", vin=VIN).id == known.id
    assert known.plate == "粤B54321"


def test_the_same_car_twice_is_refused(db: Session) -> None:
    owner = make_member(db)
    make_vehicle(db, owner, plate="粤B12345")
    with pytest.raises(AlreadyYours):
        add(db, owner, plate="粤B12345")


def test_a_car_of_which_nothing_is_said_is_refused(db: Session) -> None:
    with pytest.raises(NothingKnown):
        add(db, make_member(db), plate=" ")


def test_a_plate_cannot_be_changed_to_that_of_another(db: Session) -> None:
    """R48: red when neither change_car nor, behind it, the unique plate refuses."""
    owner = make_member(db)
    mine = make_vehicle(db, owner, plate="粤B11111")
    make_vehicle(db, make_member(db), plate="粤B12345")
    with pytest.raises(AskStaff):
        garage.change_car(
            db, owner, mine, CarFacts(plate="粤B12345"), today=TODAY, by=None, now=NOW
        )


def test_a_car_that_is_given_up_leaves_the_garage(db: Session, sessions: Sessions) -> None:
    """R67 too: red when the ownership is deleted or the act not noted."""
    owner = make_member(db)
    car = make_vehicle(db, owner)
    garage.give_up(db, owner, car, on=TODAY, today=TODAY, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        assert garage.own_car(fresh, owner.id, car.id) is None
        assert fresh.scalars(select(Ownership.until_on)).one() == TODAY
        assert fresh.scalars(select(AuditEntry.act)).all() == ["vehicle.give-up"]


def test_a_car_is_not_given_up_in_the_future(db: Session) -> None:
    owner = make_member(db)
    car = make_vehicle(db, owner)
    with pytest.raises(DayOutOfRange):
        garage.give_up(db, owner, car, on=TODAY + timedelta(days=1), today=TODAY, by=None, now=NOW)
