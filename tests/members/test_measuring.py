"""What was measured at a car, and what its gauges show of it."""

from datetime import date

from sqlalchemy.orm import Session

from members import measuring
from members.car_wear import wear_of
from members.measuring import Reading, Source
from members.models import Measure, Spot
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


def test_an_odometer_put_aside_moves_nothing(db: Session) -> None:
    """R50: red when `note` moves the mileage whatever `aside` says."""
    car = making.make_vehicle(db, None, mileage_km=42000, mileage_on=date(2026, 1, 1))
    measuring.note(db, car, [Reading(Measure.ODOMETER, 43000_00, "km", aside=True)], source(1, 2))
    assert (car.mileage_km, measuring.newest(db, [car.id])[car.id]) == (42000, [])
    measuring.note(db, car, [Reading(Measure.ODOMETER, 43000_00, "km")], source(1, 2))
    assert (car.mileage_km, car.mileage_on) == (43000, date(2026, 3, 2))
