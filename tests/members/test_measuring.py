"""What was measured at a car, and what its gauges show of it."""

from datetime import date

from sqlalchemy.orm import Session

from members import measuring
from members.car_wear import wear_of
from members.measuring import Reading, Source
from members.models import Measure, ServiceOrder, Spot
from tests import making
from tests.making import NOW


def source(number: int, day: int) -> Source:
    return Source("check", number, date(2026, 3, day), NOW, None)


def pads(left: int, right: int) -> list[Reading]:
    return [
        Reading(Measure.PAD, left, "mm", spot=Spot.FRONT_LEFT),
        Reading(Measure.PAD, right, "mm", spot=Spot.FRONT_RIGHT),
    ]


def test_the_newest_value_of_each_spot_counts_and_the_worst_one_decides(db: Session) -> None:
    car = making.make_vehicle(db, None)
    measuring.note(db, car, pads(900, 880), source(1, 1))
    measuring.note(db, car, pads(450, 620), source(2, 9))
    measuring.note(db, car, pads(700, 700), source(3, 5))
    found = wear_of(measuring.newest(db, [car.id])[car.id])
    assert [(one.measure, one.least, one.most, one.state, one.on.day) for one in found] == [
        (Measure.PAD, 450, 620, "soon", 9)
    ]


def test_a_source_that_speaks_again_takes_back_what_it_said(db: Session) -> None:
    car = making.make_vehicle(db, None)
    measuring.note(db, car, pads(900, 880), source(1, 1))
    measuring.note(db, car, pads(250, 260)[:1], source(1, 1))
    rows = measuring.newest(db, [car.id])[car.id]
    assert [(row.spot, row.value) for row in rows] == [(Spot.FRONT_LEFT, 250)]


def test_a_mistyped_odometer_leaves_the_mileage_with_its_source(db: Session) -> None:
    """R50: then the newest remaining reading holds, of a check or of a visit; red when `forget`
    leaves the mileage. A reading that is not the car's mileage changes nothing when it leaves."""
    car = making.make_vehicle(db, None)

    def read(number: int, day: int, km: int) -> None:
        measuring.note(db, car, [Reading(Measure.ODOMETER, km * 100, "km")], source(number, day))

    read(1, 1, 41000)
    read(2, 4, 420000)
    assert (car.mileage_km, car.mileage_on) == (420000, date(2026, 3, 4))
    measuring.forget(db, car, "check", 2)
    assert (car.mileage_km, car.mileage_on) == (41000, date(2026, 3, 1))
    read(2, 4, 42000)
    measuring.forget(db, car, "check", 1)
    assert (car.mileage_km, car.mileage_on) == (42000, date(2026, 3, 4))
    visit = {"source": "dms", "external_id": "1", "owner_id": making.make_member(db).id}
    visit |= {"shop_id": making.make_shop(db).id, "vehicle_id": car.id, "mileage_km": 41500}
    db.add(ServiceOrder(**visit, serviced_on=date(2026, 3, 2), recorded_at=NOW))
    db.flush()
    measuring.forget(db, car, "check", 2)
    assert (car.mileage_km, car.mileage_on) == (41500, date(2026, 3, 2))


def test_an_odometer_put_aside_moves_nothing(db: Session) -> None:
    """R50: red when `note` moves the mileage whatever `aside` says."""
    car = making.make_vehicle(db, None, mileage_km=42000, mileage_on=date(2026, 1, 1))
    measuring.note(db, car, [Reading(Measure.ODOMETER, 43000_00, "km", aside=True)], source(1, 2))
    assert (car.mileage_km, measuring.newest(db, [car.id])[car.id]) == (42000, [])
    measuring.note(db, car, [Reading(Measure.ODOMETER, 43000_00, "km")], source(1, 2))
    assert (car.mileage_km, car.mileage_on) == (43000, date(2026, 3, 2))
