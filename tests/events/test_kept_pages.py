"""The event page that strangers get from what is kept, beside what Flask itself would say."""

import gzip
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from events.models import Event
from foundation import clock
from foundation.web.database import db, write
from members.models import Owner
from tests import making
from tests.browsing import fresh
from tests.entering import visitor

NONCE = re.compile(r"nonce[=-]\"?[\w-]{22}")


@pytest.fixture
def event_id(app: Flask) -> Iterator[int]:
    with time_machine.travel(clock.now(), tick=False):  # a body is kept for its minute
        with app.app_context():
            write()
            event = making.make_event(db.session, places=3)
            db.session.commit()
        yield event.id


def joined(session: Session) -> Owner:
    return making.make_member(session, "张三", login=False)


def stranger(app: Flask, path: str, cookie: str = "", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    client = app.test_client(use_cookies=False)
    return client.get(path, headers=named | ({"Cookie": cookie} if cookie else {}))


@pytest.mark.parametrize("cookie", ["", "language=en", "language=zh-Hans; theme=dark"])
def test_what_is_kept_equals_what_flask_says(app: Flask, event_id: int, cookie: str) -> None:
    """Red when language or colours are missing in the key. A session's cookie, even
    an empty one, leads past what is kept."""
    for _ in range(2):
        kept = stranger(app, f"/events/{event_id}", cookie)
        flask = stranger(app, f"/events/{event_id}", f"marque=; {cookie}")
        assert NONCE.sub("", kept.text) == NONCE.sub("", flask.text)
        for name in ("Content-Type", "Cache-Control", "Referrer-Policy", "Permissions-Policy"):
            assert kept.headers[name] == flask.headers[name]


def test_the_browsers_language_counts_where_no_cookie_says_one(app: Flask, event_id: int) -> None:
    """R66: red when the header is not read."""
    english = stranger(app, f"/events/{event_id}", Accept_Language="en-GB,en;q=0.8")
    chinese = stranger(app, f"/events/{event_id}", Accept_Language="zh-CN,zh;q=0.8")
    assert '<html lang="en"' in english.text
    assert '<html lang="zh-Hans"' in chinese.text


def test_a_page_says_what_it_depends_on(app: Flask, event_id: int) -> None:
    """R66: red without the reader's language: a browser would show the other one's copy."""
    for cookie in ("", "marque="):
        answer = stranger(app, f"/events/{event_id}", cookie)
        assert {"accept-language", "cookie"} <= answer.vary.as_set()


def test_a_changed_event_is_shown_at_once(app: Flask, event_id: int) -> None:
    """Red without the version in the key."""
    stranger(app, f"/events/{event_id}")
    with app.app_context():
        write()
        event = db.session.get_one(Event, event_id)
        event.title_zh, event.version = "改过的标题", event.version + 1
        db.session.commit()
    assert "改过的标题" in stranger(app, f"/events/{event_id}").text


def test_a_reader_with_a_session_goes_past_what_is_kept(app: Flask, event_id: int) -> None:
    """R60: red when the session's cookie is not looked for."""
    stranger(app, f"/events/{event_id}")
    member = visitor(app, lambda session: making.make_account(session, joined(session)))
    assert 'name="csrf_token"' in member.get(f"/events/{event_id}").text


def test_a_browser_that_can_gets_it_packed(app: Flask, event_id: int) -> None:
    plain = stranger(app, f"/events/{event_id}")
    packed = stranger(app, f"/events/{event_id}", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(packed.data).decode()
    assert NONCE.sub("", text) == NONCE.sub("", plain.text)
    assert len(packed.data) < len(plain.data) / 2


def test_numbers_that_lead_nowhere_are_answered_as_elsewhere(app: Flask) -> None:
    for path in ("/events/999", "/events/0", "/events/99999999999999999999", "/events/%EF%BC%97"):
        assert stranger(app, path).status_code == 404
    with fresh(app) as session:
        assert session.scalars(select(func.count()).select_from(Event)).one() == 0
