"""Beside the door: the second screen, badges, the formation sheet, and tickets seen twice."""

from collections.abc import Callable

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import attendees, badges, door_counts, door_doubts, formation
from events.blueprint import bp
from events.models import CheckIn, Event, RegistrationState
from events.staff.door import arrival_of
from events.staff.loading import planned_event
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page


@bp.get("/desk/events/<int:event_id>/check-in/screen")
@requires(Permission.EVENT_CHECK_IN)
def door_screen(event_id: int) -> Response:
    event = planned_event(event_id)
    return page(
        "events/staff/door_screen.html",
        event=event,
        door=door_counts.door_of(db.session, event.id),
        slots=door_counts.slots_of(db.session, event.id),
        now=clock.now(),
    )


@bp.get("/desk/events/<int:event_id>/badges")
@requires(Permission.EVENT_CHECK_IN)
def name_badges(event_id: int) -> Response:
    event = planned_event(event_id)
    coming = attendees.everybody(db.session, event.id, RegistrationState.CONFIRMED)
    return page("events/staff/badges.html", event=event, sheets=badges.sheets(coming))


@bp.get("/desk/events/<int:event_id>/formation")
@requires(Permission.EVENT_CHECK_IN)
def formation_sheet(event_id: int) -> Response:
    event, by_plate = planned_event(event_id), request.args.get("by") == "plate"
    return page(
        "events/staff/formation.html",
        event=event,
        by_plate=by_plate,
        cars=formation.sheet(db.session, event.id, by_plate=by_plate),
        without=formation.without_place(db.session, event.id),
        now=clock.now(),
    )


@bp.post("/desk/events/<int:event_id>/formation")
@requires(Permission.EVENT_CHECK_IN)
def number_formation(event_id: int) -> Response:
    event = planned_event(event_id)
    formation.give_numbers(db.session, event, by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect(url_for("events.formation_sheet", event_id=event.id), 303)


@bp.get("/desk/events/<int:event_id>/check-in/doubts")
@requires(Permission.EVENT_CHECK_IN)
def door_doubts_list(event_id: int) -> Response:
    return _doubts_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/check-in/<int:arrival_id>/strike-out")
@requires(Permission.EVENT_CHECK_IN)
def strike_out_arrival(event_id: int, arrival_id: int) -> Response:
    def act(arrival: CheckIn) -> None:
        door_doubts.strike_out(db.session, arrival, by=current_user.id, now=clock.now())

    return _settled(event_id, arrival_id, act, _("The second arrival is struck out."))


@bp.post("/desk/events/<int:event_id>/check-in/<int:arrival_id>/keep")
@requires(Permission.EVENT_CHECK_IN)
def keep_arrival(event_id: int, arrival_id: int) -> Response:
    note = typed("note", door_doubts.LONGEST_NOTE)

    def act(arrival: CheckIn) -> None:
        door_doubts.keep(db.session, arrival, note, by=current_user.id, now=clock.now())

    return _settled(event_id, arrival_id, act, _("Kept, with your word beside it."))


def _settled(
    event_id: int, arrival_id: int, act: Callable[[CheckIn], None], words: str
) -> Response:
    event = planned_event(event_id)
    return done_or_shown(
        lambda: act(arrival_of(event, arrival_id)),
        lambda *no: _doubts_page(planned_event(event_id), *no),
        back=url_for("events.door_doubts_list", event_id=event_id),
        said=words,
    )


def _doubts_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    found = db.session.scalars(door_doubts.open_query(event.id).limit(100)).all()
    settled = db.session.scalars(door_doubts.settled_query(event.id).limit(50)).all()
    seen = {one.registration_id for one in [*found, *settled]}
    return page(
        "events/staff/door_doubts.html",
        status,
        event=event,
        doubts=found,
        settled=settled,
        arrivals=attendees.arrivals_of(db.session, list(seen)),
        refusal=refusal,
    )
