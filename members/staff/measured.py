"""What was measured at a member's car: as it stands, written by hand, corrected, taken back."""

from collections.abc import Callable
from datetime import date

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.shop import the_shop
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from members import hand_reading, measuring
from members.blueprint import bp
from members.car_wear import plain, wear_of
from members.measured_form import MeasuredForm, measured_form
from members.models import CarMeasurement, HandReading, Measure, Ownership, Vehicle

_CAR = "/desk/members/<int:owner_id>/cars/<int:vehicle_id>"


@bp.get(_CAR)
@requires(Permission.MEMBER_VIEW)
@logs_reading("owner", "owner_id")
def measured_car(owner_id: int, vehicle_id: int) -> Response:
    return _car_page(owner_id, _car(owner_id, vehicle_id), measured_form(_today()))


@bp.post(_CAR)
@requires(Permission.MEMBER_EDIT)
def write_reading(owner_id: int, vehicle_id: int) -> Response:
    car, form = _car(owner_id, vehicle_id), measured_form(_today())

    def act() -> None:
        given = {"today": _today(), "by": current_user.id, "now": clock.now()}
        hand_reading.note(db.session, car, form.said(), **given)

    return _kept(owner_id, car, form, act)


@bp.get(f"{_CAR}/readings/<int:reading_id>")
@requires(Permission.MEMBER_EDIT)
@logs_reading("owner", "owner_id")
def edit_reading(owner_id: int, vehicle_id: int, reading_id: int) -> Response:
    car = _car(owner_id, vehicle_id)
    row = _reading(car, reading_id)
    form = measured_form(row.read_on, hand_reading.said_in(row))
    return _car_page(owner_id, car, form, row=row)


@bp.post(f"{_CAR}/readings/<int:reading_id>")
@requires(Permission.MEMBER_EDIT)
def correct_reading(owner_id: int, vehicle_id: int, reading_id: int) -> Response:
    car = _car(owner_id, vehicle_id)
    row, form = _reading(car, reading_id), measured_form(_today())

    def act() -> None:
        given = {"today": _today(), "by": current_user.id, "now": clock.now()}
        hand_reading.correct(db.session, row, form.said(), **given)

    return _kept(owner_id, car, form, act, row)


@bp.post(f"{_CAR}/readings/<int:reading_id>/undo")
@requires(Permission.MEMBER_EDIT)
def take_reading_back(owner_id: int, vehicle_id: int, reading_id: int) -> Response:
    car = _car(owner_id, vehicle_id)
    row = _reading(car, reading_id)
    hand_reading.take_back(db.session, row, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Taken back. Its values have left the archive."))
    return redirect(_address(owner_id, car), 303)


def _kept(
    owner_id: int,
    car: Vehicle,
    form: MeasuredForm,
    act: Callable[[], None],
    row: HandReading | None = None,
) -> Response:
    if not form.validate():
        return _car_page(owner_id, car, form, 422, row=row)
    return done_or_shown(
        act,
        lambda status, no: _car_page(owner_id, car, form, status, row=row, refusal=no),
        back=_address(owner_id, car),
        said=_("In the archive."),
    )


def _address(owner_id: int, car: Vehicle) -> str:
    return url_for("members.measured_car", owner_id=owner_id, vehicle_id=car.id)


def _car(owner_id: int, vehicle_id: int) -> Vehicle:
    """A car that this owner has or had."""
    found = db.session.scalar(
        select(Vehicle)
        .join(Ownership)
        .where(Vehicle.id == vehicle_id, Ownership.owner_id == owner_id)
        .limit(1)
    )
    return found or abort(404)


def _reading(car: Vehicle, reading_id: int) -> HandReading:
    """A reading of this car that stands."""
    row = db.session.get(HandReading, reading_id)
    if row is None or row.vehicle_id != car.id or row.taken_back_at is not None:
        abort(404)
    return row


def _today() -> date:
    return clock.shop_day(clock.now(), the_shop(db.session).zone)


def _by_measure(rows: list[CarMeasurement]) -> list[tuple[Measure, list[CarMeasurement]]]:
    """What is known of each thing, at all its spots."""
    found = [(one, [row for row in rows if row.measure is one]) for one in Measure]
    return [(measure, mine) for measure, mine in found if mine]


def _car_page(
    owner_id: int,
    car: Vehicle,
    form: MeasuredForm,
    status: int = 200,
    *,
    row: HandReading | None = None,
    refusal: str | None = None,
) -> Response:
    newest = measuring.newest(db.session, [car.id])[car.id]
    return page(
        "members/staff/measured.html",
        status,
        owner_id=owner_id,
        car=car,
        form=form,
        row=row,
        newest=_by_measure(newest),
        wear=wear_of(newest),
        history=hand_reading.readings_of(db.session, car.id),
        said_in=hand_reading.said_in,
        plain=plain,
        refusal=refusal,
    )
