"""The programme and one event, as members and guests read them."""

from datetime import date, datetime
from functools import lru_cache

from flask import abort, current_app, g, make_response, render_template, request
from flask_login import current_user
from sqlalchemy import bindparam, select
from werkzeug.wrappers.response import Response

from events import calendar, listing, places
from events.blueprint import bp
from events.models import Event, EventKind, EventState, Quota
from events.views import body_cache
from events.views.event_page import event_page, event_values
from events.views.loading import club_settings, published_event
from foundation import clock
from foundation.database import peeking
from foundation.web import language, security
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.pages import THEMES, page

LIVE = (
    select(
        Event.version,
        Event.state,
        Quota.id,
        Quota.kind,
        Quota.session_id,
        Quota.capacity,
        Quota.taken,
        Quota.waiting,
    )
    .outerjoin(Quota, Quota.event_id == Event.id)
    .where(Event.id == bindparam("event_id"))
)


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
    if current_user.is_authenticated:
        return event_page(published_event(event_id))
    return _anonymous_event(event_id)


def _anonymous_event(event_id: int) -> Response:
    """One query for what is live; the body comes from the cache."""
    with peeking(db.engine).connect() as connection:
        rows = connection.execute(LIVE, {"event_id": event_id}).all()
    if not rows or rows[0].state == EventState.DRAFT:
        abort(404)
    theme = request.cookies.get("theme")
    tag = language.reader_language()
    key = body_cache.Key(
        event_id,
        rows[0].version,
        tag,
        theme if theme in THEMES else None,
        int(clock.now().timestamp() // 60),
    )
    live = places.overall([row for row in rows if row.id is not None])
    words = _places_words(tag, live.left, live.capacity)
    return make_response(
        body_cache.filled(key, lambda: _anonymous_body(event_id), security.csp_nonce(), words)
    )


@lru_cache(maxsize=4096)
def _places_words(_tag: str, left: int | None, capacity: int | None) -> str:
    """How many places are left, said in the language of this page."""
    template = current_app.jinja_env.get_template("events/_places_live.html")
    return template.render(left=left, capacity=capacity)


def _anonymous_body(event_id: int) -> str:
    nonce = security.csp_nonce()
    g.csp_nonce = body_cache.NONCE_MARK
    try:
        return render_template(
            "events/event.html",
            **event_values(published_event(event_id)),
            panel="stranger",
            places_mark=body_cache.PLACES_MARK,
        )
    finally:
        g.csp_nonce = nonce


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
