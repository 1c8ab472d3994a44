"""The recap of an event at the desk: text, readers, pictures, and those that somebody wants gone.

Trips have one like every other event; the first word or picture makes the row that holds it.
"""

from collections.abc import Callable
from datetime import datetime

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.models import Event, PictureState, RecapFor, Trip, TripPicture
from events.staff.loading import planned_event
from events.staff.trips import trip_or_404
from events.trips import drives, pictures, planning, recap
from events.views.trips_recap import consent_wording, sent_pictures
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.incoming import typed
from foundation.web.pages import page

LONGEST = 20_000
Decision = Callable[..., None]


@bp.get("/desk/events/<int:event_id>/trip/recap")
@requires(Permission.EVENT_EDIT)
def desk_recap(event_id: int) -> Response:
    return _recap_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/trip/recap")
@requires(Permission.EVENT_EDIT)
def save_recap(event_id: int) -> Response:
    """Keep the text; with the button for it, publish or withdraw it as well."""
    event = planned_event(event_id)
    by, now = current_user.id, clock.now()
    readers = next((one for one in RecapFor if one.value == request.form.get("readers")), None)
    english = typed("text_en", LONGEST) or None

    def tell() -> str:
        recap.tell(
            db.session,
            planning.begin(db.session, event, by=by, now=now),
            typed("text_zh", LONGEST),
            english,
            readers or RecapFor.JOINED,
            by=by,
            now=now,
        )
        return _acted(db.session, event, request.form.get("do", ""), by, now)

    return done_or_shown(
        tell,
        lambda *no: _recap_page(planned_event(event_id), *no),
        back=url_for("events.desk_recap", event_id=event_id),
        said=str,
    )


def _acted(session: Session, event: Event, asked: str, by: int, now: datetime) -> str:
    trip = trip_or_404(event)
    if asked == "publish":
        recap.publish(session, trip, by=by, now=now)
        return str(_("Published. Those who may read it find it on the event’s page."))
    if asked == "withdraw":
        recap.withdraw(session, trip, by=by, now=now)
        return str(_("Withdrawn. Only the desk sees it now."))
    return str(_("Saved."))


@bp.post("/desk/events/<int:event_id>/trip/recap/pictures")
@reads_first
@requires(Permission.EVENT_EDIT)
def add_pictures(event_id: int) -> Response:
    event = planned_event(event_id)
    consent = consent_wording() if request.form.get("consent") else ""
    by, now = current_user.id, clock.now()

    def add() -> None:
        made = sent_pictures(consent)
        then_write()
        trip = planning.begin(db.session, event, by=by, now=now)
        pictures.add(db.session, trip, made, consent=consent, shown=True, by=by, now=now)

    return done_or_shown(
        add,
        lambda *no: _recap_page(planned_event(event_id), *no),
        back=_pictures_of(event_id),
        said=_("The pictures are in."),
    )


@bp.post("/desk/events/<int:event_id>/trip/recap/pictures/<int:picture_id>")
@requires(Permission.EVENT_EDIT)
def decide_picture(event_id: int, picture_id: int) -> Response:
    """Show it, hide it, or remove it for good."""
    trip = trip_or_404(planned_event(event_id))
    picture = db.session.get(TripPicture, picture_id)
    decisions: dict[str, Decision] = {
        "show": pictures.show,
        "hide": pictures.hide,
        "remove": pictures.remove,
    }
    decide = decisions.get(request.form.get("do", "")) or abort(400)
    if picture is None or picture.trip_id != trip.id:
        abort(404)
    decide(db.session, picture, by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect(_pictures_of(event_id), 303)


def _pictures_of(event_id: int) -> str:
    return url_for("events.desk_recap", event_id=event_id, _anchor="pictures")


def _recap_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    found = planning.trip_of(db.session, event.id)
    trip = found or Trip(event_id=event.id, recap_zh="", recap_for=RecapFor.JOINED)
    every = pictures.of_trip(db.session, trip, *PictureState)
    form = request.form
    return page(
        "events/staff/trips/recap.html",
        status,
        event=event,
        trip=trip,
        asked=[one for one in every if one.state is PictureState.HIDDEN],
        waiting=[one for one in every if one.state is PictureState.WAITING],
        shown=[one for one in every if one.state is PictureState.SHOWN],
        text_zh=form.get("text_zh", trip.recap_zh),
        text_en=form.get("text_en", trip.recap_en or ""),
        readers=RecapFor,
        over=event.ends_at <= clock.now(),
        cars=drives.cars_of(db.session, trip),
        consent=consent_wording(),
        most=pictures.AT_ONCE,
        refusal=refusal,
    )
