"""After a trip: the recap with its pictures, for those who may read it."""

from flask import abort, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.models import PictureState, Trip
from events.trips import drives, pictures, planning, recap, stops
from events.trips.refusals import PictureRefused
from events.views.loading import published_event
from foundation import clock
from foundation.pictures import LARGEST_FILE, Redrawn
from foundation.roles import Permission
from foundation.web.access import may, members_only, signed_in
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.pages import page
from foundation.words import N_

ASKED_EACH_TIME = "private, no-cache"


@bp.get("/events/<int:event_id>/recap")
@members_only
def read_recap(event_id: int) -> Response:
    return _recap_page(_readable(event_id))


@bp.post("/events/<int:event_id>/recap/pictures")
@reads_first
@members_only
def bring_pictures(event_id: int) -> Response:
    """Pictures of somebody who came along; staff look at them before they are shown."""
    trip = _readable(event_id)
    if not recap.joined(db.session, trip, current_user.owner_id):
        abort(404)
    consent = consent_wording() if request.form.get("consent") else ""

    def bring() -> None:
        made = sent_pictures(consent)
        then_write()
        pictures.add(
            db.session,
            trip,
            made,
            consent=consent,
            shown=False,
            by=current_user.id,
            now=clock.now(),
        )

    return done_or_shown(
        bring,
        lambda *no: _recap_page(_readable(event_id), *no),
        back=url_for("events.read_recap", event_id=event_id) + "#pictures",
        said=_("Thank you. We look at your pictures and show them soon."),
    )


@bp.post("/events/<int:event_id>/pictures/<token>/hide")
@members_only
def hide_picture(event_id: int, token: str) -> Response:
    """One tap: nobody sees it any more, and staff decide."""
    trip = _readable(event_id)
    picture = pictures.by_token(db.session, trip, token)
    if picture is None or picture.state is not PictureState.SHOWN:
        abort(404)
    pictures.hide(db.session, picture, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The picture is hidden: nobody sees it any more."))
    return redirect(url_for("events.read_recap", event_id=event_id) + "#pictures", 303)


@bp.get('/events/<int:event_id>/pictures/<token>/<any("large", "small"):size>.jpg')
@signed_in
def trip_picture(event_id: int, token: str, size: str) -> Response:
    """The address never changes its picture; whether the reader may see it is asked each time."""
    trip = planning.trip_of(db.session, event_id) or abort(404)
    picture = pictures.by_token(db.session, trip, token)
    if picture is None or not _may_see(trip, picture.state):
        abort(404)
    mark = f"{token}-{size}"
    if mark in request.if_none_match:  # the browser has it, and its reader may still see it
        answer = make_response("", 304)
    else:
        answer = make_response(pictures.pixels(db.session, picture, size) or abort(404))
        answer.headers["Content-Type"] = "image/jpeg"
    answer.set_etag(mark)
    answer.headers["Cache-Control"] = ASKED_EACH_TIME
    return answer


def _may_see(trip: Trip, state: PictureState) -> bool:
    if may(Permission.EVENT_EDIT):
        return True
    reads = current_user.is_member and recap.may_read(db.session, trip, current_user.owner_id)
    return reads and state is PictureState.SHOWN


def sent_pictures(consent: str) -> list[Redrawn]:
    """The pictures of the form, redrawn; without consent none is even looked at."""
    if not consent:
        raise PictureRefused(
            N_("Please confirm that everybody who can be recognised agrees to be shown.")
        )
    files = [file for file in request.files.getlist("photo") if file.filename]
    if len(files) > pictures.AT_ONCE:
        raise PictureRefused(
            N_("Please send at most %(most)s pictures at once."), most=pictures.AT_ONCE
        )
    return [pictures.redraw(file.read(LARGEST_FILE + 1)) for file in files]


def consent_wording() -> str:
    """What somebody who brings pictures confirms, in the words that they read."""
    return str(
        _("Everybody who can be recognised in these pictures agrees that the club shows them.")
    )


def _readable(event_id: int) -> Trip:
    """The trip whose recap the reader may read."""
    trip = planning.trip_of(db.session, published_event(event_id).id)
    if trip is None or not recap.may_read(db.session, trip, current_user.owner_id):
        abort(404)
    return trip


def _recap_page(trip: Trip, status: int = 200, refusal: str | None = None) -> Response:
    owner_id = current_user.owner_id
    return page(
        "events/trips/recap.html",
        status,
        event=trip.event,
        trip=trip,
        plans=stops.day_plans(trip, trip.event),
        metres=stops.metres_of(trip),
        pictures=pictures.of_trip(db.session, trip, PictureState.SHOWN),
        joined=recap.joined(db.session, trip, owner_id),
        driven=drives.driven_by(db.session, owner_id),
        came=drives.cars_of(db.session, trip),
        consent=consent_wording(),
        most=pictures.AT_ONCE,
        refusal=refusal,
    )
