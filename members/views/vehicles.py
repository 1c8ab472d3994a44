"""The garage: my cars, each with its papers and its history; add, correct, give up."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import abort, current_app
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.clock import shop_day
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page
from members import car_life, garage, measuring, tyre_storage
from members.blueprint import bp
from members.car_form import CarForm, GiveUpForm, form_of
from members.car_life import Chapter
from members.car_papers import papers_of
from members.car_wear import wear_of
from members.car_words import BODY_WORDS, ENERGY_WORDS
from members.models import Owner, ServiceOrder, Vehicle
from members.plates import normalise_plate

VISITS_SHOWN = 40


@bp.get("/me/vehicles")
@members_only
def vehicles() -> Response:
    cars = db.session.scalars(garage.cars_query(_owner().id)).all()
    measured = measuring.newest(db.session, [car.id for car in cars])
    return page(
        "members/garage.html",
        cars=[(car, papers_of(car, today=_now()[1]), wear_of(measured[car.id])) for car in cars],
        energy_words=ENERGY_WORDS,
    )


@bp.get("/me/vehicles/new")
@members_only
def vehicle_new() -> Response:
    return _form_page(CarForm(), None)


@bp.post("/me/vehicles/new")
@members_only
def vehicle_add() -> Response:
    form = CarForm()
    if not form.validate():
        return _form_page(form, None, 422)
    now, today = _now()
    return done_or_shown(
        lambda: garage.add_car(
            db.session, _owner(), form.facts(), today=today, by=current_user.id, now=now
        ),
        lambda *no: _form_page(form, None, *no),
        back=lambda vehicle: f"/me/vehicles/{vehicle.id}",
        said=_("The car is in your garage."),
    )


@bp.get("/me/vehicles/<int:vehicle_id>")
@members_only
def vehicle(vehicle_id: int) -> Response:
    return _car_page(_mine(vehicle_id), GiveUpForm(on=_now()[1]))


@bp.get("/me/vehicles/<int:vehicle_id>/edit")
@members_only
def vehicle_edit(vehicle_id: int) -> Response:
    car = _mine(vehicle_id)
    return _form_page(form_of(car), car)


@bp.post("/me/vehicles/<int:vehicle_id>/edit")
@members_only
def vehicle_change(vehicle_id: int) -> Response:
    car, form = _mine(vehicle_id), CarForm()
    if not form.validate():
        return _form_page(form, car, 422)
    now, today = _now()
    return done_or_shown(
        lambda: garage.change_car(
            db.session, _owner(), car, form.facts(), today=today, by=current_user.id, now=now
        ),
        lambda *no: _form_page(form, car, *no),
        back=f"/me/vehicles/{vehicle_id}",
        said=_("Saved."),
    )


@bp.post("/me/vehicles/<int:vehicle_id>/give-up")
@members_only
def vehicle_give_up(vehicle_id: int) -> Response:
    car, form = _mine(vehicle_id), GiveUpForm()
    now, today = _now()
    return done_or_shown(
        lambda: garage.give_up(
            db.session,
            _owner(),
            car,
            on=form.on.data or today,
            today=today,
            by=current_user.id,
            now=now,
        ),
        lambda *no: _car_page(car, form, *no),
        back="/me/vehicles",
        said=_("The car has left your garage. Its history stays with you."),
    )


def _form_page(
    form: CarForm, car: Vehicle | None, status: int = 200, refusal: str | None = None
) -> Response:
    return page("members/car_edit.html", status, form=form, vehicle=car, refusal=refusal)


def _car_page(
    car: Vehicle, form: GiveUpForm, status: int = 200, refusal: str | None = None
) -> Response:
    measured = measuring.newest(db.session, [car.id])[car.id]
    return page(
        "members/car.html",
        status,
        vehicle=car,
        papers=papers_of(car, today=_now()[1]),
        life=_life(car),
        wear=wear_of(measured),
        measured=measured,
        stored=tyre_storage.of_car(db.session, car.id, _owner().id),
        plate_kind=normalise_plate(car.plate).kind.value if car.plate else None,
        energy_words=ENERGY_WORDS,
        body_words=BODY_WORDS,
        give_up=form,
        refusal=refusal,
    )


def _owner() -> Owner:
    owner: Owner = current_user.owner
    return owner


def _mine(vehicle_id: int) -> Vehicle:
    car = garage.own_car(db.session, _owner().id, vehicle_id)
    if car is None:
        abort(404)
    return car


def _visits(car: Vehicle) -> Sequence[ServiceOrder]:
    query = garage.visits_query(_owner().id, car.id).options(selectinload(ServiceOrder.lines))
    return db.session.scalars(query.limit(VISITS_SHOWN)).all()


def _life(car: Vehicle) -> list[ServiceOrder | Chapter]:
    """Visits to the workshop and what else the car lived through, the newest first."""
    both: list[ServiceOrder | Chapter] = [*_visits(car)]
    both += car_life.chapters_of(db.session, _owner().id, car.id)
    return sorted(both, key=_day_of, reverse=True)


def _day_of(one: ServiceOrder | Chapter) -> date:
    return one.on if isinstance(one, Chapter) else one.serviced_on


def _now() -> tuple[datetime, date]:
    now = clock.now()
    return now, shop_day(now, current_app.extensions["club_settings"].zone)
