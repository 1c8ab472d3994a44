"""The garage through the browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation.web.database import db, write
from members.models import Ownership, Vehicle
from tests import making
from tests.browsing import fresh, send, send_as_it_is
from tests.entering import visitor_of
from tests.reading import texts

WORDS = {"body": "suv", "energy": "electric", "model": "M5"}


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    """A member with one car; somebody else has another."""
    with app.app_context():
        write()
        mine = making.make_member(db.session, login=False)
        account_id = making.make_account(db.session, mine, language="en").id
        making.make_vehicle(db.session, mine, plate="粤B11111", model="Mine")
        other = making.make_member(db.session, "欧阳雪梅", login=False)
        making.make_vehicle(db.session, other, plate="粤B22222", model="Hers")
        db.session.commit()
    return visitor_of(app, account_id)


def test_the_garage_holds_ones_own_cars(owner: FlaskClient) -> None:
    """red when the ownership is not asked."""
    html = owner.get("/me/vehicles").get_data(as_text=True)
    assert texts(html, "bay-name") == ["Mine"]


def test_a_car_known_by_its_plate_alone_is_called_by_it(app: Flask, owner: FlaskClient) -> None:
    """Red when a bare plate is called a car that drives on fuel"""
    with fresh(app) as session:
        car = session.scalars(select(Vehicle).where(Vehicle.plate == "粤B11111")).one()
        car.model = car.make = ""
        session.commit()
        address = f"/me/vehicles/{car.id}"
    html = owner.get("/me/vehicles").get_data(as_text=True)
    assert (texts(html, "bay-name"), "Fuel" in html) == (["粤B·11111"], False)
    assert texts(owner.get(address).get_data(as_text=True), "h1") == ["粤B·11111"]


def test_fuel_that_its_owner_chose_is_said(app: Flask, owner: FlaskClient) -> None:
    """Of a bare plate: nothing is preselected, the form as it comes says nothing, what was chosen
    stays. Red where fuel is known by its absence, and where the form chooses by itself."""
    added = send(owner, "/me/vehicles/new", plate="粤B44444", body="sedan", energy="")
    car = added.headers["Location"]
    assert "Fuel" not in owner.get(car).get_data(as_text=True)
    send_as_it_is(owner, f"{car}/edit", f"{car}/edit")
    assert "Fuel" not in owner.get(car).get_data(as_text=True)
    send(owner, f"{car}/edit", plate="粤B44444", body="sedan", energy="fuel")
    assert "Fuel" in owner.get(car).get_data(as_text=True)
    send(owner, f"{car}/edit", plate="粤B44444", body="sedan", energy="")
    assert "Fuel" in owner.get(car).get_data(as_text=True)


def test_a_car_is_added_by_its_plate(app: Flask, owner: FlaskClient) -> None:
    answer = send(owner, "/me/vehicles/new", plate="粤bd12345", **WORDS)
    assert answer.status_code == 303
    html = owner.get(answer.headers["Location"]).get_data(as_text=True)
    assert texts(html, "plate") == ["粤B D12345"]


def test_a_car_of_another_is_refused_without_a_name(app: Flask, owner: FlaskClient) -> None:
    """R48: 422, nothing stored, nothing told."""
    answer = send(owner, "/me/vehicles/new", plate="粤B22222", **WORDS)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert texts(html, "error-summary") == [
        "This plate or VIN is on file otherwise. Please speak to us, we sort it out with you."
    ]
    assert "欧阳" not in html
    with fresh(app) as session:
        assert len(session.scalars(select(Ownership)).all()) == 2


def test_an_impossible_plate_comes_back_with_its_sentence(owner: FlaskClient) -> None:
    answer = send(owner, "/me/vehicles/new", plate="ABC", **WORDS)
    assert answer.status_code == 422
    assert "ABC" in texts(answer.get_data(as_text=True), "error-summary")[0]


def test_a_correction_is_stored(app: Flask, owner: FlaskClient) -> None:
    fields = {**WORDS, "inspection_until": "2027-05-01", "plate": "粤B33333"}
    assert send(owner, "/me/vehicles/1/edit", **fields).status_code == 303
    with fresh(app) as session:
        car = session.get_one(Vehicle, 1)
        assert (car.plate, car.model, str(car.inspection_until)) == (
            "粤B33333",
            "M5",
            "2027-05-01",
        )


def test_giving_up_empties_the_garage(owner: FlaskClient) -> None:
    """red when the day is not stored."""
    answer = send(owner, "/me/vehicles/1/give-up", "/me/vehicles/1", on="2026-01-05")
    assert answer.status_code == 303
    assert texts(owner.get("/me/vehicles").get_data(as_text=True), "bay-name") == []
    assert owner.get("/me/vehicles/1").status_code == 404


def test_a_day_in_the_future_is_refused(owner: FlaskClient) -> None:
    answer = send(owner, "/me/vehicles/1/give-up", "/me/vehicles/1", on="2999-01-05")
    assert answer.status_code == 422
    assert owner.get("/me/vehicles/1").status_code == 200
