"""The roll call on the leader's phone: the cars in order, one tick each, counts, who is missing.

Forms work without JavaScript. A phone that took the list along opens it without a network
(events/views/door_app.py keeps the page), and sends what it noted in one batch.
"""

import uuid
from typing import Any

from flask import abort, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers.response import Response

from events import door_lists
from events.blueprint import bp
from events.models import ConvoyRole, Event, Trip, TripStop
from events.staff.loading import planned_event
from events.staff.trips import trip_or_404
from events.trips import numbers, roll_call, roll_lists
from events.trips.roll_call import Tick
from foundation import clock
from foundation.roles import Permission
from foundation.shop import in_language
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.device_marks import DeviceMark, sent_marks, unkept
from foundation.web.incoming import whole
from foundation.web.language import reader_language, say, span_text
from foundation.web.pages import page
from foundation.words import N_


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
        here={one.id: sorted(roll_call.here_at(db.session, one.id)) for one in trip.stops},
        fresh_id=_fresh_id,
        ticked=request.args.get("ticked", type=whole),
    )


@bp.post("/desk/events/<int:event_id>/trip/roll-call/<int:stop_id>")
@requires(Permission.EVENT_CHECK_IN)
def tick_car(event_id: int, stop_id: int) -> Response:
    """One car is here, or its tick is taken back."""
    trip, stop = _at(planned_event(event_id), stop_id)
    registration_id = request.form.get("registration_id", type=whole)
    now, here = clock.now(), request.form.get("here") == "1"
    tick = Tick(_request_id(), stop.id, registration_id, here, now)
    roll_call.take(db.session, trip, [tick], by=current_user.id, now=now)
    db.session.commit()
    address = url_for("events.roll", event_id=event_id, stop=stop_id, ticked=registration_id)
    return redirect(f"{address}#car-{registration_id}", 303)


@bp.get("/desk/events/<int:event_id>/trip/roll-call/state.json")
@requires(Permission.EVENT_CHECK_IN)
def roll_state(event_id: int) -> Response:
    """No name: who is here at which stop by now, and a form's token."""
    trip = trip_or_404(planned_event(event_id))
    here = {stop.id: sorted(roll_call.here_at(db.session, stop.id)) for stop in trip.stops}
    version = roll_lists.version_of(db.session, trip)
    return unkept({"token": generate_csrf(), "here": here, "version": version})


@bp.post("/desk/events/<int:event_id>/trip/roll-call/list.json")
@requires(Permission.EVENT_CHECK_IN)
def take_roll_list(event_id: int) -> Response:
    """The list that a phone takes along; that it did is noted."""
    event, now = planned_event(event_id), clock.now()
    trip = trip_or_404(event)
    taken = roll_lists.take(db.session, trip, by=current_user.id, now=now)
    db.session.commit()
    return unkept({**_about(event, trip), "taken_at": now.isoformat(), **taken})


def _about(event: Event, trip: Trip) -> dict[str, Any]:
    """What the phone shows besides the cars, in its reader's language."""
    language = reader_language()
    return {
        "event": event.id,
        "title": in_language(event, "title", language),
        "when": span_text(event.starts_at, event.ends_at),
        "erase_at": door_lists.erased_at(event).isoformat(),
        "stops": [
            {
                "id": one.id,
                "name": in_language(one, "name", language),
                "day": one.day,
                "at": one.arrives_at.isoformat() if one.arrives_at else "",
            }
            for one in trip.stops
        ],
        "roles": {one.value: say(one.label) for one in ConvoyRole if one is not ConvoyRole.CAR},
        "calls": [{"words": words, "number": number} for words, number in _calls(trip)],
    }


def _calls(trip: Trip) -> list[tuple[str, str]]:
    """Whom to call in need, the tow service first."""
    tow = say(N_("Tow service")) + (f" · {trip.tow_name}" if trip.tow_name else "")
    found = [(tow, trip.tow_phone)] if trip.tow_phone else []
    found += [
        (f"{one.name} · {one.part}" if one.part else one.name, one.phone) for one in trip.contacts
    ]
    return [(words, numbers.dialled(number)) for words, number in found]


@bp.post("/desk/events/<int:event_id>/trip/roll-call/marks")
@requires(Permission.EVENT_CHECK_IN)
def take_ticks(event_id: int) -> Response:
    """What a phone kept, as static/js/offline-marks.js sends it; twice it changes nothing."""
    trip, now = trip_or_404(planned_event(event_id)), clock.now()
    ticks = [_tick(mark) for mark in sent_marks(now=now)]
    kept = roll_call.take(db.session, trip, ticks, by=current_user.id, now=now)
    db.session.commit()
    words = say(N_("This car has no place on the trip any more, or the stop is gone."))
    results = [
        {
            "request_id": number,
            "outcome": "kept" if taken else "refused",
            "words": "" if taken else words,
        }
        for number, taken in kept.items()
    ]
    return unkept({"results": results})


def _tick(mark: DeviceMark) -> Tick:
    return Tick(
        mark.request_id,
        mark.number("stop_id"),
        mark.number("registration_id"),
        mark.says.get("here") is True,
        mark.happened_at,
    )


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
