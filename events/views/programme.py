"""The programme and one event, as members and guests read them."""

from datetime import date, datetime

from flask import make_response, request
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from events import calendar, listing, places
from events.blueprint import bp
from events.models import EventKind
from events.views.event_page import event_page
from events.views.loading import club_settings, published_event
from foundation import clock
from foundation.web import language
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.pages import page


@bp.get("/events")
@open_to_all
def programme() -> Response:
    now, zone = clock.now(), club_settings().zone
    chosen = listing.Filter(
        kind=request.args.get("kind") or None,
        month=_month(request.args.get("month")),
        interest=request.args.get("interest") or None,
    )
    coming = listing.coming(db.session, chosen, zone, now=now)
    mine, likes = {}, {}
    if current_user.is_authenticated and current_user.owner_id is not None:
        ids = [event.id for event in coming]
        mine = listing.active_by_event(db.session, current_user.owner_id, ids)
        likes = listing.interests_of(db.session, current_user.owner_id)
    past = db.session.scalars(listing.past_query(now=now).limit(6)).all()
    return page(
        "events/programme.html",
        coming=sorted(coming, key=lambda event: event.id not in mine),
        past=past,
        mine=mine,
        likes=likes,
        places=places.places_of(db.session, [event.id for event in coming]),
        chosen=chosen,
        kinds=db.session.scalars(select(EventKind).order_by(EventKind.position)).all(),
        months=[clock.add_months(clock.shop_day(now, zone).replace(day=1), n) for n in range(6)],
        shared=listing.shared_interests,
    )


def _month(text: str | None) -> date | None:
    try:
        found = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
    except ValueError:
        return None
    return found if clock.is_meant(found) else None


@bp.get("/events/<int:event_id>")
@open_to_all
def event(event_id: int) -> Response:
    """For strangers without any cookie of ours `kept_pages` answers instead."""
    return event_page(published_event(event_id))


@bp.get("/events/<int:event_id>/calendar.ics")
@open_to_all
def event_calendar(event_id: int) -> Response:
    answer = make_response(
        calendar.of_event(
            published_event(event_id), language=language.reader_language(), now=clock.now()
        )
    )
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="event-{event_id}.ics"'
    return answer
