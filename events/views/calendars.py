"""Calendars: one event as a file, the programme and one's own places to subscribe to."""

from urllib.parse import urlsplit

from flask import abort, flash, make_response, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.http import is_resource_modified
from werkzeug.wrappers.response import Response

from events import calendar, feeds, subscriptions
from events.blueprint import bp
from events.feeds import Feed
from events.views.loading import club_settings, own_registration, published_event, ticket_keys
from foundation import clock
from foundation.shop import in_language, the_shop
from foundation.web import language
from foundation.web.access import members_only, open_to_all
from foundation.web.database import db
from foundation.web.pages import page
from foundation.words import N_

OWN, PUBLIC = N_("%(club)s: my events"), N_("%(club)s: programme")
OWN_CACHING, PUBLIC_CACHING = "private, no-cache", "public, max-age=900"


@bp.get("/events/<int:event_id>/calendar.ics")
@open_to_all
def event_calendar(event_id: int) -> Response:
    event = published_event(event_id)
    written = calendar.of_event(event, language=language.reader_language(), now=clock.now())
    return _file(written, event_id)


@bp.get("/me/registrations/<int:registration_id>/calendar.ics")
@members_only
def registration_calendar(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    written = calendar.of_registration(mine, language=language.reader_language(), now=clock.now())
    return _file(written, mine.event_id)


def _file(written: bytes, event_id: int) -> Response:
    answer = make_response(written)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="event-{event_id}.ics"'
    return answer


@bp.get("/events/calendar.ics")
@open_to_all
def programme_calendar() -> Response:
    """The programme for every phone that subscribes to it; `language` stays in its address."""
    tag = request.args.get("language", "")
    tag = tag if tag in language.LANGUAGES else language.reader_language()
    feed = feeds.of_programme(db.session, language=tag, now=clock.now())
    return _subscribed(feed, PUBLIC, PUBLIC_CACHING)


@bp.get("/calendar/<token>.ics")
@open_to_all
def own_calendar(token: str) -> Response:
    """A member's places, for whoever holds the secret address."""
    reader = subscriptions.reader_of_secret(db.session, token, keys=ticket_keys())
    if reader is None or reader.owner_id is None:
        abort(404)
    now = clock.now()
    feed = feeds.of_member(db.session, reader.owner_id, language=reader.language, now=now)
    return _subscribed(feed, OWN, OWN_CACHING)


def _subscribed(feed: Feed, name: str, caching: str) -> Response:
    """The calendar, or 304 for a phone that has it as it is. The mark is a weak one, for the
    same calendar may travel packed or not."""
    mark, changed_at = f'W/"{feed.mark}"', feed.changed_at
    if not is_resource_modified(request.environ, etag=mark, last_modified=changed_at):
        answer = make_response("", 304)
    else:
        club = in_language(the_shop(db.session), "club_name", feed.language)
        with language.speaking(feed.language):
            title = language.say(name, {"club": club})
        answer = make_response(feed.written(name=title, base_url=club_settings().base_url))
        answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["ETag"] = mark
    answer.headers["Cache-Control"] = caching
    answer.last_modified = changed_at
    return answer


@bp.get("/me/calendar")
@members_only
def calendars() -> Response:
    mine = subscriptions.subscription_of(db.session, current_user.id)
    secret = subscriptions.secret_of(mine, ticket_keys()) if mine else None
    return page(
        "events/calendars.html",
        subscription=mine,
        own=addresses(f"/calendar/{secret}.ics") if secret else None,
        public=addresses(programme_path()),
    )


def programme_path() -> str:
    """The programme's calendar in the reader's language of now."""
    return f"/events/calendar.ics?language={language.reader_language()}"


def addresses(path: str) -> dict[str, str]:
    """The address to copy, and the one that opens the phone's own calendar."""
    base = club_settings().base_url
    parts = urlsplit(base)
    return {"address": f"{base}{path}", "webcal": f"webcal://{parts.netloc}{parts.path}{path}"}


@bp.post("/me/calendar/renew")
@members_only
def renew_calendar() -> Response:
    had = subscriptions.subscription_of(db.session, current_user.id) is not None
    subscriptions.renew(
        db.session,
        current_user._get_current_object(),
        keys=ticket_keys(),
        by=current_user.id,
        now=clock.now(),
    )
    db.session.commit()
    flash(
        _("Your calendar has a new address. The old one no longer works.")
        if had
        else _("Your calendar is ready.")
    )
    return redirect("/me/calendar", 303)


@bp.post("/me/calendar/end")
@members_only
def end_calendar() -> Response:
    mine = current_user._get_current_object()
    subscriptions.end(db.session, mine, by=mine.id, now=clock.now())
    db.session.commit()
    flash(_("The address no longer works. Phones that subscribed to it get nothing more."))
    return redirect("/me/calendar", 303)
