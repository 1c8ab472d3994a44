"""The roll call on the leader's phone: the cars in order, one tick each, counts, who is missing.

Forms work without JavaScript; a phone that was offline sends what it kept in one batch.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.models import Event, Trip, TripStop
from events.staff.loading import planned_event
from events.staff.trips import trip_or_404
from events.trips import roll_call
from events.trips.roll_call import Tick
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import LARGEST, whole
from foundation.web.pages import page


@bp.get("/desk/events/<int:event_id>/trip/roll-call")
@requires(Permission.EVENT_CHECK_IN)
def roll(event_id: int) -> Response:
    event = planned_event(event_id)
    trip = trip_or_404(event)
    stop = _asked_stop(trip)
    return page(
        "events/staff/trips/roll_call.html",
        event=event,
        trip=trip,
        stop=stop,
        call=roll_call.call_of(db.session, trip, stop) if stop else None,
        counts=roll_call.counts_of(db.session, trip),
        fresh_id=_fresh_id,
        ticked=request.args.get("ticked", type=whole),
    )


@bp.post("/desk/events/<int:event_id>/trip/roll-call/<int:stop_id>")
@requires(Permission.EVENT_CHECK_IN)
def tick_car(event_id: int, stop_id: int) -> Response:
    """One car is here, or its tick is taken back."""
    trip, stop = _at(planned_event(event_id), stop_id)
    registration_id = request.form.get("registration_id", type=whole)
    if registration_id is None:
        abort(400)
    now = clock.now()
    tick = Tick(_request_id(), registration_id, request.form.get("here") == "1", now)
    roll_call.take(db.session, trip, stop, [tick], by=current_user.id, now=now)
    db.session.commit()
    address = url_for("events.roll", event_id=event_id, stop=stop_id, ticked=registration_id)
    return redirect(f"{address}#car-{registration_id}", 303)


@bp.post("/desk/events/<int:event_id>/trip/roll-call/<int:stop_id>/batch")
@requires(Permission.EVENT_CHECK_IN)
def take_ticks(event_id: int, stop_id: int) -> Response:
    """What a phone kept: {"ticks": [{"request_id", "registration_id", "here", "happened_at"}]}.

    Answers which request ids are kept and who is here now; the same batch twice changes nothing.
    """
    trip, stop = _at(planned_event(event_id), stop_id)
    ticks = _ticks(request.get_json(silent=True))
    kept = roll_call.take(db.session, trip, stop, ticks, by=current_user.id, now=clock.now())
    db.session.commit()
    call = roll_call.call_of(db.session, trip, stop)
    return jsonify(kept=kept, here=sorted(call.here), expected=len(call.line))


def _ticks(sent: Any) -> list[Tick]:
    """The ticks of a batch; what has another shape is a bad request."""
    rows = sent.get("ticks") if isinstance(sent, dict) else None
    if not isinstance(rows, list) or len(rows) > roll_call.MOST:
        abort(400)
    try:
        return [_tick(row) for row in rows]
    except (KeyError, TypeError, ValueError):
        abort(400)


def _tick(row: Any) -> Tick:
    number, here = row["registration_id"], row["here"]
    if type(number) is not int or abs(number) > LARGEST or type(here) is not bool:
        raise TypeError
    happened = datetime.fromisoformat(str(row["happened_at"]))
    if happened.tzinfo is None:
        raise ValueError
    return Tick(str(uuid.UUID(str(row["request_id"]))), number, here, happened.astimezone(UTC))


def _at(event: Event, stop_id: int) -> tuple[Trip, TripStop]:
    trip = trip_or_404(event)
    stop = next((one for one in trip.stops if one.id == stop_id), None)
    return trip, stop or abort(404)


def _asked_stop(trip: Trip) -> TripStop | None:
    """The stop that was asked for; else the newest that was reached by the plan, or the first."""
    asked = request.args.get("stop", type=whole)
    if asked is not None:
        return next((one for one in trip.stops if one.id == asked), None) or abort(404)
    reached = [one for one in trip.stops if one.arrives_at and one.arrives_at <= clock.now()]
    return reached[-1] if reached else next(iter(trip.stops), None)


def _request_id() -> str:
    try:
        return str(uuid.UUID(request.form.get("request_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def _fresh_id() -> str:
    """A request id for a form of the page."""
    return str(uuid.uuid4())
