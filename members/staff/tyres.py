"""Stored tyres at the desk: what lies on which shelf until when, put there and given back."""

from datetime import date

from flask import abort, flash, redirect, request
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
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from foundation.words import N_
from members import tyre_storage
from members.blueprint import bp
from members.models import StoredTyres, Vehicle
from members.plates import normalise_plate
from members.tyre_storage import Tyres, TyresUnclear


@bp.get("/desk/tyres")
@requires(Permission.MEMBER_VIEW)
def stored_tyres() -> Response:
    return _tyres_page()


@bp.post("/desk/tyres")
@requires(Permission.MEMBER_EDIT)
def store_tyres() -> Response:
    return done_or_shown(
        lambda: tyre_storage.store(
            db.session,
            _car(),
            _said(),
            today=_today(),
            by=current_user.id,
            now=clock.now(),
        ),
        _tyres_page,
        back="/desk/tyres",
        said=_("On the shelf. The owner sees it with the car."),
    )


@bp.post("/desk/tyres/<int:tyres_id>/return")
@requires(Permission.MEMBER_EDIT)
def return_tyres(tyres_id: int) -> Response:
    tyres = db.session.get(StoredTyres, tyres_id) or abort(404)
    tyre_storage.give_back(db.session, tyres, today=_today(), by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Given back."))
    return redirect("/desk/tyres", 303)


def _car() -> Vehicle:
    plate = normalise_plate(typed("plate", 20)).text
    found = db.session.scalar(select(Vehicle).where(Vehicle.plate == plate))
    if found is None:
        raise TyresUnclear(N_("We know no car with this plate."))
    return found


def _said() -> Tyres:
    until = typed("until_on", 10)
    try:
        until_on = date.fromisoformat(until)
    except ValueError:
        until_on = None
    if until_on is None or not clock.is_meant(until_on):
        raise TyresUnclear(N_("Please enter the last day of storage."))
    return Tyres(
        typed("brand", 60),
        typed("size", 60),
        typed("dot", 60),
        request.form.get("count", 0, type=whole),
        typed("shelf", 60),
        until_on,
        typed("note", 300),
    )


def _today() -> date:
    return clock.shop_day(clock.now(), the_shop(db.session).zone)


def _tyres_page(status: int = 200, refusal: str | None = None) -> Response:
    words = request.args.get("q", "").strip()[:80]
    return page(
        "members/staff/tyres.html",
        status,
        rows=tyre_storage.on_shelves(db.session, words=words),
        words=words,
        today=_today(),
        said=request.form,
        refusal=refusal,
    )
