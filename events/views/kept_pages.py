"""The event page of strangers, kept and answered before Flask is asked.

A stranger is whoever sends no session cookie. What must be live, the places, costs one query each
time; the rest of the body is kept by (event, version, language, colours), a minute at most.
"""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Flask, g, render_template
from sqlalchemy import bindparam, select
from werkzeug.http import parse_cookie

from club.models import TierCode
from events import places
from events.models import Event, EventState, Quota, QuotaKind
from events.views.event_page import event_values
from events.views.loading import published_event
from foundation import clock
from foundation.glance import Glance
from foundation.settings import Settings
from foundation.web import language, security
from foundation.web.database import db
from foundation.web.pages import theme_of

PATH = re.compile(r"/events/([1-9][0-9]{0,17})", re.ASCII)
NONCE_MARK = "nonce-mark-7f3a"
PLACES_MARK = "<!--places-mark-7f3a-->"
LIMIT = 256
LIVE = (
    select(
        Event.version,
        Event.state,
        Event.hidden,
        Event.published_at,
        Quota.id,
        Quota.kind,
        Quota.session_id,
        Quota.tier,
        Quota.capacity,
        Quota.taken,
        Quota.waiting,
    )
    .outerjoin(Quota, Quota.event_id == Event.id)
    .where(Event.id == bindparam("event_id"))
)

Pieces = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Live:
    """What is asked each time: the event beside one of its quotas, if it has any."""

    version: int
    state: EventState
    hidden: bool
    published_at: datetime | None
    id: int | None
    kind: QuotaKind
    session_id: int | None
    tier: str | None
    capacity: int | None
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Key:
    """What a body depends on; the minute bounds how long anything else in it can be stale."""

    event_id: int
    version: int
    language: str
    theme: str | None
    minute: int


class KeptEventPages:
    """In front of the application: gives strangers the event page, all others go through."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._inner, self._settings = app, app.wsgi_app, settings
        self._bodies: OrderedDict[Key, Pieces] = OrderedDict()
        self._words = lru_cache(maxsize=4096)(self._say_places)
        with app.app_context():
            self._glance = Glance(db.engine, LIVE)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING"):
            path = PATH.fullmatch(environ["PATH_INFO"])
            cookies = parse_cookie(environ)
            if path and security.SESSION_COOKIE not in cookies:
                nonce = security.new_nonce()
                body = self._body(int(path[1]), nonce, cookies, environ)
                if body is not None:
                    return self._answer(body, nonce, environ, start_response)
        return self._inner(environ, start_response)

    def _answer(
        self, text: str, nonce: str, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", security.PAGE_CACHING),
            ("Vary", f"Accept-Encoding, {security.PAGE_VARIES}"),
            *security.answer_headers(self._settings, nonce),
        ]
        body = text.encode()
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(body))))
        start_response(f"200 {HTTPStatus.OK.phrase}", headers)
        return [body]

    def _body(
        self, event_id: int, nonce: str, cookies: dict[str, str], environ: dict[str, Any]
    ) -> str | None:
        rows = self._live(event_id)
        if not rows or not _for_all(rows[0]):
            return None
        tag = language.asked_for(
            cookies.get(language.COOKIE), environ.get("HTTP_ACCEPT_LANGUAGE", "")
        )
        minute = int(clock.now().timestamp() // 60)
        key = Key(event_id, rows[0].version, tag, theme_of(cookies), minute)
        pieces = self._bodies.get(key) or self._make(key, environ)
        live = places.overall([row for row in rows if row.id is not None], TierCode.GENERAL)
        words = self._words(tag, live.left, live.capacity)
        return words.join(nonce.join(piece) for piece in pieces)

    def _live(self, event_id: int) -> list[Live]:
        """The event's version, state and quotas; nothing where the database does not answer."""
        try:
            return [Live(*row) for row in self._glance(event_id=event_id)]
        except self._glance.Error:
            return []

    def _make(self, key: Key, environ: dict[str, Any]) -> Pieces:
        with self._app.request_context(environ):
            g.csp_nonce = NONCE_MARK
            body = render_template(
                "events/event.html",
                **event_values(published_event(key.event_id)),
                panel="stranger",
                places_mark=PLACES_MARK,
            )
        pieces = tuple(tuple(part.split(NONCE_MARK)) for part in body.split(PLACES_MARK))
        self._bodies[key] = pieces
        while len(self._bodies) > LIMIT:
            self._bodies.popitem(last=False)
        return pieces

    def _say_places(self, tag: str, left: int | None, capacity: int | None) -> str:
        with self._app.app_context(), language.speaking(tag):
            template = self._app.jinja_env.get_template("events/_places_live.html")
            return template.render(left=left, capacity=capacity)


def _for_all(event: Live) -> bool:
    """Whether strangers may read of it: it was published, and is not hidden."""
    return event.state != EventState.DRAFT and not event.hidden and event.published_at is not None


def init_kept_pages(app: Flask, settings: Settings) -> None:
    """Put the kept pages in front of the application."""
    app.wsgi_app = KeptEventPages(app, settings)  # type: ignore[method-assign]
