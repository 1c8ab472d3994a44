"""The convoy at the desk: the order of the cars, who is ready, and the sheet on paper."""

import enum
from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.models import CarCheck, ConvoyRole, Event, Registration
from events.staff.loading import planned_event, registration_of
from events.staff.trips import trip_or_404
from events.trips import convoy, readiness
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.logged import logs_reading
from foundation.web.pages import page


class Move(enum.StrEnum):
    """What a button of the line does with its car."""

    UP = "up"
    DOWN = "down"
    FIRST = "first"
    LAST = "last"


_STEPS = {Move.UP: -1, Move.DOWN: 1, Move.FIRST: -10_000, Move.LAST: 10_000}


@bp.get("/desk/events/<int:event_id>/trip/convoy")
@requires(Permission.MEMBER_VIEW)
def desk_convoy(event_id: int) -> Response:
    return _convoy_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/trip/convoy/suggest")
@requires(Permission.EVENT_EDIT)
def suggest_order(event_id: int) -> Response:
    trip = trip_or_404(planned_event(event_id))
    convoy.suggest(db.session, trip, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The cars stand in the suggested order."))
    return redirect(url_for("events.desk_convoy", event_id=event_id), 303)


@bp.post("/desk/events/<int:event_id>/trip/convoy/<int:registration_id>/move")
@requires(Permission.EVENT_EDIT)
def move_car(event_id: int, registration_id: int) -> Response:
    """One place up or down, or to an end; or the car leads, sweeps, drives along."""
    trip = trip_or_404(planned_event(event_id))
    asked = request.form.get("do", "")
    by, now = current_user.id, clock.now()

    def move() -> None:
        if asked in list(Move):
            steps = _STEPS[Move(asked)]
            convoy.move(db.session, trip, registration_id, steps, by=by, now=now)
        else:
            role = next((role for role in ConvoyRole if role.value == asked), None) or abort(400)
            convoy.give_role(db.session, trip, registration_id, role, by=by, now=now)

    return done_or_shown(
        move,
        lambda *no: _convoy_page(planned_event(event_id), *no),
        back=_car_of(event_id, registration_id, moved=registration_id, by=asked),
    )


@bp.post("/desk/events/<int:event_id>/trip/convoy/<int:registration_id>/check")
@requires(Permission.EVENT_CHECK_IN)
def note_car_check(event_id: int, registration_id: int) -> Response:
    """Somebody of the shop looked at the car and found it fit for the trip."""
    event = planned_event(event_id)
    trip, registration = trip_or_404(event), registration_of(event_id, registration_id)
    return done_or_shown(
        lambda: readiness.note_check(
            db.session,
            trip,
            registration,
            on=_typed_day(event),
            name=typed("name", 60),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _convoy_page(planned_event(event_id), *no),
        back=_car_of(event_id, registration_id),
        said=_("Noted: the car was checked."),
    )


@bp.post("/desk/events/<int:event_id>/trip/convoy/<int:registration_id>/check/<int:check_id>/undo")
@requires(Permission.EVENT_CHECK_IN)
def undo_car_check(event_id: int, registration_id: int, check_id: int) -> Response:
    registration = registration_of(event_id, registration_id)
    check = db.session.scalar(
        select(CarCheck).where(CarCheck.id == check_id, CarCheck.registration_id == registration.id)
    )
    if check is None:
        abort(404)
    readiness.undo_check(db.session, registration, check, by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect(_car_of(event_id, registration_id), 303)


@bp.get("/desk/events/<int:event_id>/trip/convoy-sheet")
@requires(Permission.EVENT_CHECK_IN)
def convoy_sheet(event_id: int) -> Response:
    """The sheet that lies in every car: order, plates, channel, contacts; no member's number."""
    return _sheet(planned_event(event_id), phones=False)


@bp.get("/desk/events/<int:event_id>/trip/leader-sheet")
@requires(Permission.MEMBER_CONTACTS)
@logs_reading("convoy", "event_id")
def leader_sheet(event_id: int) -> Response:
    """The same for the leader alone, with the number of each driver; its reading is noted."""
    return _sheet(planned_event(event_id), phones=True)


def _sheet(event: Event, *, phones: bool) -> Response:
    trip = trip_or_404(event)
    line = convoy.line_of(db.session, trip)
    return page(
        "events/staff/trips/convoy_sheet.html",
        event=event,
        trip=trip,
        line=line,
        standings=readiness.standings_of(db.session, trip, _registrations(line)),
        asks=readiness.asks_anything(trip),
        phones=phones,
        now=clock.now(),
    )


def _typed_day(event: Event) -> date:
    """The day that was typed, by default today."""
    today = clock.shop_day(clock.now(), event.shop.zone)
    try:
        return date.fromisoformat(request.form.get("on", "")) or today
    except ValueError:
        return today


def _registrations(line: list[convoy.InLine]) -> list[Registration]:
    return [one.registration for one in line]


def _car_of(event_id: int, registration_id: int, **said: Any) -> str:
    """The address of a car in the line; `said` goes into its query."""
    anchor = f"car-{registration_id}"
    return url_for("events.desk_convoy", event_id=event_id, _anchor=anchor, **said)


def _convoy_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    trip = trip_or_404(event)
    line = convoy.line_of(db.session, trip)
    standings = readiness.standings_of(db.session, trip, _registrations(line))
    return page(
        "events/staff/trips/convoy.html",
        status,
        event=event,
        trip=trip,
        line=line,
        standings=standings,
        asks=readiness.asks_anything(trip),
        any_placed=any(one.placed for one in line),
        ready=sum(one.ready for one in standings.values()),
        moved=request.args.get("moved", type=int),
        moved_by=request.args.get("by", ""),
        me=current_user.name,
        today=clock.shop_day(clock.now(), event.shop.zone),
        refusal=refusal,
    )
