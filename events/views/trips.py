"""My trip: the day plan, the convoy, whom to call, and what is still needed from me."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club.map_links import PointLinks, links_to_point
from events.blueprint import bp
from events.models import PromiseKind, Registration, RegistrationState, Trip, TripStop
from events.trips import convoy, planning, readiness, stops
from events.views.loading import own_registration
from foundation import clock
from foundation.shop import in_language
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.language import reader_language
from foundation.web.pages import page


@bp.get("/me/registrations/<int:registration_id>/trip")
@members_only
def own_trip(registration_id: int) -> Response:
    mine, trip = _own_trip(registration_id)
    line = convoy.line_of(db.session, trip)
    return page(
        "events/trips/trip.html",
        registration=mine,
        event=mine.event,
        trip=trip,
        plans=stops.day_plans(trip, mine.event),
        line=line,
        standing=readiness.standings_of(db.session, trip, [mine])[mine.id],
        asks=readiness.asks_anything(trip),
        window=readiness.window_of(trip),
        wordings=wordings(),
        maps=maps,
        now=clock.now(),
    )


@bp.post("/me/registrations/<int:registration_id>/trip/promises")
@members_only
def promise_for_trip(registration_id: int) -> Response:
    """A tick for the licence or the insurance, or its taking back; the wording is kept."""
    mine, _trip = _own_trip(registration_id)
    kind = next((one for one in PromiseKind if one.value == request.form.get("kind")), None)
    if kind is None:
        abort(400)
    by, now = current_user.id, clock.now()
    if request.form.get("given") == "1":
        readiness.promise(db.session, mine, kind, wordings()[kind], by=by, now=now)
        flash(_("Thank you. It is noted with today’s date."))
    else:
        readiness.take_back(db.session, mine, kind, by=by, now=now)
        flash(_("Taken back."))
    db.session.commit()
    return redirect(url_for("events.own_trip", registration_id=mine.id) + "#before", 303)


def wordings() -> dict[PromiseKind, str]:
    """What a member confirms, in the words that they read."""
    return {
        PromiseKind.LICENCE: _(
            "I hold a driving licence that is valid on all days of this trip and covers this car."
        ),
        PromiseKind.INSURANCE: _(
            "Everybody in my car has travel accident insurance for all days of this trip."
        ),
    }


def maps(stop: TripStop) -> PointLinks | None:
    """The links to a stop on a map, where its place is known."""
    if stop.latitude is None or stop.longitude is None:
        return None
    name = in_language(stop, "name", reader_language())
    return links_to_point(stop.latitude, stop.longitude, name)


def _own_trip(registration_id: int) -> tuple[Registration, Trip]:
    """A registration of the reader that has a place on a trip, and the trip."""
    mine = own_registration(registration_id)
    trip = planning.trip_of(db.session, mine.event_id)
    if trip is None or mine.state is not RegistrationState.CONFIRMED:
        abort(404)
    return mine, trip
