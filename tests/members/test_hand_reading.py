"""What is written into a car's archive by hand: kept, corrected in its place, taken back (R50)."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import clock
from foundation.audit import AuditEntry
from foundation.roles import Role
from members import hand_reading, measuring
from members.hand_reading import ReadingRefused, Said
from members.measured_values import ValueUnclear
from members.measuring import Reading
from members.models import CarMeasurement, HandReading, Measure, Spot, Vehicle
from members.odometer import OdometerFalls
from tests import making
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.entering import at_desk
from tests.making import NOW

TODAY = date(2026, 3, 2)
WHO = {"today": TODAY, "by": None, "now": NOW}


def km(number: int) -> Reading:
    return Reading(Measure.ODOMETER, number * 100, "km")


def pad(value: int) -> Reading:
    return Reading(Measure.PAD, value, "mm", spot=Spot.FRONT_LEFT)


def values(db: Session) -> list[tuple[Measure, int | None, str | None]]:
    rows = select(CarMeasurement).order_by(CarMeasurement.id)
    return [(one.measure, one.value, one.text) for one in db.scalars(rows)]


def test_a_reading_is_corrected_in_its_place_and_taken_back(
    db: Session, sessions: Sessions
) -> None:
    """Red when a correction is held against the slip itself, and when what was taken back stays
    in the archive. The mileage is then again what it was."""
    car = making.make_vehicle(db, None, mileage_km=40000, mileage_on=date(2026, 1, 5))
    slip = Said(TODAY, [km(52000), pad(450), Reading(Measure.TYRE_BRAND, text="米其林")])
    row = hand_reading.note(db, car, slip, **WHO)
    assert (car.mileage_km, car.mileage_on) == (52000, TODAY)
    meant = Said(TODAY, [km(42000), pad(540)])
    hand_reading.correct(db, row, meant, **WHO)
    db.commit()
    with sessions() as other:
        assert values(other) == [(Measure.ODOMETER, 4_200_000, None), (Measure.PAD, 540, None)]
        assert other.get_one(Vehicle, car.id).mileage_km == 42000
    hand_reading.take_back(db, row, by=None, now=NOW)
    with pytest.raises(ReadingRefused):
        hand_reading.correct(db, row, meant, **WHO)
    db.commit()
    with sessions() as other:
        assert values(other) == []
        (kept,) = hand_reading.readings_of(other, car.id)
        assert [one.value for one in hand_reading.said_in(kept)] == [4_200_000, 540]
        acts = other.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("hand-")))
        assert [one.removeprefix("hand-reading.") for one in acts] == [
            "write",
            "correct",
            "take-back",
        ]


def test_what_cannot_be_is_refused_and_nothing_kept(db: Session) -> None:
    """R50: an odometer that falls, jumps, or stands before a later lower one is asked again; read
    twice it is put aside and moves nothing. Red when a day before the newest is not compared."""
    car = making.make_vehicle(db, None, mileage_km=40000, mileage_on=date(2026, 3, 1))
    for on, number in ((TODAY, 39999), (TODAY, 43001), (date(2026, 2, 1), 40001)):
        with pytest.raises(OdometerFalls):
            hand_reading.note(db, car, Said(on, [km(number)]), **WHO)
    with pytest.raises(ValueUnclear):
        hand_reading.note(db, car, Said(TODAY, [pad(3001)]), **WHO)
    for said in (Said(date(2026, 3, 3), [pad(500)]), Said(TODAY, [])):
        with pytest.raises(ReadingRefused):
            hand_reading.note(db, car, said, **WHO)
    assert values(db) == []
    hand_reading.note(db, car, Said(TODAY, [km(39999)], sure=True), **WHO)
    hand_reading.note(db, car, Said(date(2026, 2, 1), [km(39000)]), **WHO)
    assert car.mileage_km == 40000
    assert measuring.newest(db, [car.id])[car.id][0].value == 3_900_000


def owned(app: Flask) -> tuple[int, str]:
    """A member's car; its number and the address of its page."""
    with fresh(app) as session:
        owner = making.make_member(session)
        car = making.make_vehicle(session, owner, plate="京A88888")
        session.commit()
        return car.id, f"/desk/members/{owner.id}/cars/{car.id}"


def test_the_care_staff_write_read_and_correct_it(app: Flask) -> None:
    """A slip comes back with its field and all that was typed; the archive shows what was kept;
    reading the page is noted (R67)."""
    car_id, url = owned(app)
    care, today = at_desk(app, Role.CARE_SPECIALIST), clock.now().date().isoformat()
    typed = {"read_on": today, "odometer": "12,345", "pad-front-left": "4，5", "tyre-size": "R17"}
    slip = send(care, url, **{**typed, "battery": "zwölf"})
    assert (slip.status_code, 'value="4，5"' in slip.text, 'value="zwölf"' in slip.text) == (
        422,
        True,
        True,
    )
    assert send(care, url, **typed).status_code == 303
    page = care.get(url).text
    for words in ("4.5 mm", "12345 km", "R17"):
        assert words in page
    with fresh(app) as session:
        (row,) = session.scalars(select(HandReading))
        assert session.get_one(Vehicle, car_id).mileage_km == 12345
        assert "owner.read" in session.scalars(select(AuditEntry.act)).all()
        reading = f"{url}/readings/{row.id}"
    assert 'value="12345"' in care.get(reading).text
    assert send(care, reading, page=reading, read_on=today, battery="12.6").status_code == 303
    assert send(care, f"{reading}/undo", page=url).status_code == 303
    assert "已撤销" in care.get(url).text
    assert care.get(reading).status_code == 404


def test_another_owner_has_no_such_car(app: Flask) -> None:
    """And who may only look writes nothing."""
    car_id, url = owned(app)
    with fresh(app) as session:
        stranger = making.make_member(session)
        session.commit()
        other = f"/desk/members/{stranger.id}/cars/{car_id}"
    assert at_desk(app, Role.CARE_SPECIALIST).get(other).status_code == 404
    assistant = at_desk(app, Role.CARE_ASSISTANT)
    assert "<form action" not in assistant.get(url).text.partition("<main")[2]
    assert send(assistant, url, read_on="2026-03-02").status_code == 403
