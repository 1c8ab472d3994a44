"""The programme as members and guests read it: as cards, as a month, or place by place."""

from datetime import date
from typing import Any

from flask import redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select
from werkzeug.wrappers.response import Response

from club.models import TierCode
from events import listing, month_grid, picking, visibility
from events.blueprint import bp
from events.listing import PAGE, Filter
from events.models import Event, EventKind
from events.picking import Tastes
from events.places import Places
from events.views.asked import Asked, Shape
from events.views.calendars import addresses, programme_path
from events.views.event_page import event_page
from events.views.loading import club_settings, published_event, reader_id
from foundation import clock
from foundation.web.access import members_only, open_to_all, safe_next
from foundation.web.database import db
from foundation.web.pages import page
from members import account_details

MONTHS_AHEAD = 6


@bp.get("/events")
@open_to_all
def programme() -> Response:
    asked, now, zone = Asked.of(request.args), clock.now(), club_settings().zone
    shown = {
        Shape.LIST: _as_cards,
        Shape.MONTH: _as_month,
        Shape.PLACES: _as_places,
    }[asked.shape](asked)
    today = clock.shop_day(now, zone)
    return page(
        "events/programme.html",
        asked=asked,
        chosen=asked.filter,
        kinds=db.session.scalars(select(EventKind).order_by(EventKind.position)).all(),
        interests=listing.interests_in(db.session, now=now),
        months=[clock.add_months(today.replace(day=1), n) for n in range(MONTHS_AHEAD)],
        today=today,
        subscribe_to=addresses(programme_path())["webcal"],
        **shown,
    )


@bp.post("/me/programme-order")
@members_only
def programme_order() -> Response:
    """Picked for me, or plainly by date: kept with the account."""
    account_details.pick_events(
        db.session,
        current_user._get_current_object(),
        request.form.get("picks") == "1",
        by=current_user.id,
        now=clock.now(),
    )
    db.session.commit()
    return redirect(safe_next(request.form.get("next"), "/events"), 303)


@bp.get("/events/<int:event_id>")
@open_to_all
def event(event_id: int) -> Response:
    """For strangers without any cookie of ours `kept_pages` answers instead."""
    return event_page(published_event(event_id))


def _shown(query: Select[Event], chosen: Filter) -> tuple[list[Event], dict[int, Places]]:
    """Of these events those that the reader may know of, with the places for their tier."""
    reader = visibility.reader_of(db.session, reader_id())
    tier = reader.tier if reader else TierCode.GENERAL
    seen = query.where(visibility.shown_to(reader))
    return listing.with_places(db.session, seen, chosen, tier)


def _as_cards(asked: Asked) -> dict[str, Any]:
    """Mine first, then what was picked, or by date; beneath what was lately."""
    now, zone = clock.now(), club_settings().zone
    query = listing.coming_query(asked.filter, zone, now=now)
    events, rooms = _shown(query, asked.filter)
    known = _known(events)
    if known["picks"]:
        events = picking.picked(events, known["tastes"])
    events.sort(key=lambda event: event.id not in known["mine"])
    start = (asked.page - 1) * PAGE
    return {
        "coming": events[start : start + PAGE],
        "more": asked.page + 1 if len(events) > start + PAGE else None,
        "past": _lately(asked.filter),
        "places": rooms,
        **known,
    }


def _lately(chosen: Filter) -> list[Event]:
    if chosen != Filter():
        return []
    seen = visibility.shown_to(visibility.reader_of(db.session, reader_id()))
    return list(db.session.scalars(listing.past_query(now=clock.now()).where(seen).limit(6)))


def _as_month(asked: Asked) -> dict[str, Any]:
    now, zone = clock.now(), club_settings().zone
    month: date = asked.filter.month or clock.shop_day(now, zone).replace(day=1)
    query = listing.month_query(asked.filter, month, zone)
    events, rooms = _shown(query, asked.filter)
    return {
        "month": month,
        "before": clock.add_months(month, -1),
        "after": clock.add_months(month, 1),
        "weeks": month_grid.weeks_of(month, events, zone),
        "weekdays": _weekdays(),
        "coming": events,
        "places": rooms,
        "now": now,
        **_known(events),
    }


def _as_places(asked: Asked) -> dict[str, Any]:
    query = listing.coming_query(asked.filter, club_settings().zone, now=clock.now())
    events, rooms = _shown(query, asked.filter)
    groups = listing.by_place(events)
    return {"coming": events, "groups": groups, "places": rooms, **_known(events)}


def _known(events: list[Event]) -> dict[str, Any]:
    """What is known of the reader: their places at these events, and what speaks to them."""
    if not (current_user.is_authenticated and current_user.is_member):
        return {"mine": {}, "tastes": Tastes(), "picks": False, "why": picking.why}
    owner_id = current_user.owner_id
    tastes = picking.tastes_of(db.session, owner_id, zone=club_settings().zone, now=clock.now())
    return {
        "mine": listing.active_by_event(db.session, owner_id, [event.id for event in events]),
        "tastes": tastes,
        "picks": current_user.picks_events,
        "why": picking.why,
    }


def _weekdays() -> list[str]:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
