"""A trip at the desk: the route of each day, its stops, and what is asked of cars and drivers."""

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.forms_trip import MORE, SPARE, ConditionsForm, StopsForm, conditions_of, stop_values
from events.models import Event, Trip
from events.staff.loading import event_to_edit, planned_event
from events.trips import planning, stops
from events.trips.gpx import LARGEST
from events.trips.refusals import RouteRefused
from events.views.loading import club_settings
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.pages import page
from foundation.words import N_


@bp.get("/desk/events/<int:event_id>/trip")
@requires(Permission.DESK_ENTER)
def desk_trip(event_id: int) -> Response:
    return _trip_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/trip/days/<int:day>/route")
@reads_first
@requires(Permission.EVENT_EDIT)
def upload_route(event_id: int, day: int) -> Response:
    """A GPX file becomes the route of a day; its named places become stops where asked."""
    event = event_to_edit(event_id)
    file = request.files.get("file")
    content = file.read(LARGEST + 1) if file else b""
    name = (file.filename or "") if file else ""

    def take_in() -> int:
        if not content:
            raise RouteRefused(N_("Please choose a GPX file."))
        then_write()
        trip = planning.begin(db.session, event, by=current_user.id, now=clock.now())
        way = planning.set_route(
            db.session, trip, day, content, name, by=current_user.id, now=clock.now()
        )
        if not request.form.get("waypoints"):
            return 0
        return stops.from_waypoints(
            db.session, trip, day, way.waypoints, by=current_user.id, now=clock.now()
        )

    return done_or_shown(
        take_in,
        lambda *no: _trip_page(planned_event(event_id), *no),
        back=url_for("events.desk_trip", event_id=event_id) + f"#day-{day}",
        said=lambda made: (
            ngettext(
                "The route is in, with %(num)s stop.", "The route is in, with %(num)s stops.", made
            )
            if made
            else _("The route is in.")
        ),
    )


@bp.post("/desk/events/<int:event_id>/trip/days/<int:day>/remove")
@requires(Permission.EVENT_EDIT)
def remove_route(event_id: int, day: int) -> Response:
    event = event_to_edit(event_id)
    trip = trip_or_404(event)
    return done_or_shown(
        lambda: planning.drop_route(db.session, trip, day, by=current_user.id, now=clock.now()),
        lambda *no: _trip_page(planned_event(event_id), *no),
        back=url_for("events.desk_trip", event_id=event_id),
        said=_("The route was taken away. The stops are still there."),
    )


@bp.get("/desk/events/<int:event_id>/trip/stops")
@requires(Permission.EVENT_EDIT)
def edit_stops(event_id: int) -> Response:
    event = event_to_edit(event_id)
    trip = planning.trip_of(db.session, event.id)
    zone = club_settings().zone
    values = [stop_values(stop, zone) for stop in trip.stops] if trip else []
    return _stops_page(event, StopsForm(data={"stops": values}))


@bp.post("/desk/events/<int:event_id>/trip/stops")
@requires(Permission.EVENT_EDIT)
def save_stops(event_id: int) -> Response:
    event = event_to_edit(event_id)
    form = StopsForm()
    if request.form.get("do") == "more-stops":
        form.add_rows(MORE)
        return _stops_page(event, form)
    trip = planning.begin(db.session, event, by=current_user.id, now=clock.now())
    valid = form.validate()
    if not (form.locate(trip.days) and valid):
        db.session.rollback()
        return _stops_page(planned_event(event_id), form, 422)
    lines = form.lines(planning.days_of(event), club_settings().zone)
    return done_or_shown(
        lambda: stops.set_stops(db.session, trip, lines, by=current_user.id, now=clock.now()),
        lambda *no: _stops_page(planned_event(event_id), form, *no),
        back=url_for("events.desk_trip", event_id=event_id),
        said=_("The stops are saved."),
    )


@bp.post("/desk/events/<int:event_id>/trip/conditions")
@requires(Permission.EVENT_EDIT)
def save_conditions(event_id: int) -> Response:
    event = event_to_edit(event_id)
    form = ConditionsForm()
    if not form.validate():
        return _trip_page(event, 422, form=form)
    trip = planning.begin(db.session, event, by=current_user.id, now=clock.now())
    return done_or_shown(
        lambda: planning.set_conditions(
            db.session, trip, form.conditions(), by=current_user.id, now=clock.now()
        ),
        lambda status, no: _trip_page(planned_event(event_id), status, no, form),
        back=url_for("events.desk_trip", event_id=event_id) + "#conditions",
        said=_("Saved."),
    )


def trip_or_404(event: Event) -> Trip:
    """The trip of an event that is one."""
    return planning.trip_of(db.session, event.id) or abort(404)


def _trip_page(
    event: Event,
    status: int = 200,
    refusal: str | None = None,
    form: ConditionsForm | None = None,
) -> Response:
    trip = planning.trip_of(db.session, event.id)
    plans = {plan.number: plan for plan in stops.day_plans(trip, event)} if trip else {}
    return page(
        "events/staff/trips/trip.html",
        status,
        event=event,
        trip=trip,
        days=list(enumerate(planning.days_of(event), start=1)),
        plans=plans,
        form=form or ConditionsForm(formdata=None, data=conditions_of(trip)),
        refusal=refusal,
    )


def _stops_page(
    event: Event, form: StopsForm, status: int = 200, refusal: str | None = None
) -> Response:
    form.add_rows(SPARE)
    return page(
        "events/staff/trips/stops.html",
        status,
        event=event,
        form=form,
        days=planning.days_of(event),
        refusal=refusal,
    )
