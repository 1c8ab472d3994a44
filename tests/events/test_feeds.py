"""Calendars that phones subscribe to: two parsers, the secret, and what an unchanged one costs."""

import re
from datetime import UTC, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
import vobject
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, feeds, programme, subscriptions
from events.models import CalendarSubscription
from foundation import clock
from foundation.web.database import db as app_db
from foundation.web.database import write
from tests.browsing import fresh, send
from tests.entering import visitor_of
from tests.making import KEYS, NOW, make_event, make_member, make_session

TITLE = "春季自驾游，带上家人; 一起\\看\n花海, 🚗" * 4
Entry = tuple[Any, ...]


def by_icalendar(raw: bytes) -> set[Entry]:
    calendar = icalendar.Calendar.from_ical(raw)
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    assert zones == {"Asia/Shanghai"}
    return {
        (
            *(str(entry[name]) for name in ("uid", "summary", "location", "status", "sequence")),
            *(entry[name].dt.astimezone(UTC) for name in ("dtstart", "dtend")),
        )
        for entry in calendar.walk("VEVENT")
    }


def by_vobject(raw: bytes) -> set[Entry]:
    calendar = vobject.readOne(raw.decode())
    return {
        (
            *(
                str(getattr(entry, name).value)
                for name in ("uid", "summary", "location", "status", "sequence")
            ),
            *(getattr(entry, name).value.astimezone(UTC) for name in ("dtstart", "dtend")),
        )
        for entry in calendar.vevent_list
    }


def of_member(db: Session, owner_id: int) -> feeds.Feed:
    return feeds.of_member(db, owner_id, language="zh-Hans", now=NOW)


def test_two_parsers_read_a_members_calendar_alike(db: Session) -> None:
    """R30: equal in icalendar and vobject, to what is in the club; red when cancelled ones are
    left out, when a session's own time is not taken, or when text is not escaped."""
    owner = make_member(db)
    trip, check, gone = (
        make_event(db, title_zh=TITLE, address="湖滨路 1 号; 北门"),
        make_event(db),
        make_event(db),
    )
    slot = make_session(db, check, hours=2)
    placed = booking.register(db, trip, owner, keys=KEYS, by=None, now=NOW)
    at_two = booking.register(db, check, owner, session=slot, keys=KEYS, by=None, now=NOW)
    ended = booking.register(db, gone, owner, keys=KEYS, by=None, now=NOW)
    booking.cancel(db, ended, by=None, now=NOW)
    raw = of_member(db, owner.id).written(name="我的活动", base_url="http://club")
    wanted = {
        (
            f"{one.id}.{event.uid}",
            event.title_zh,
            place,
            state,
            number,
            span.starts_at,
            span.ends_at,
        )
        for one, event, span, place, state, number in (
            (placed, trip, trip, "云湖度假村, 湖滨路 1 号; 北门", "CONFIRMED", "0"),
            (at_two, check, slot, "云湖度假村", "CONFIRMED", "0"),
            (ended, gone, gone, "云湖度假村", "CANCELLED", "1"),
        )
    }
    assert by_icalendar(raw) == by_vobject(raw) == wanted
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and line.decode() for line in lines[:-1])


def test_who_only_waited_has_no_entry_and_who_came_back_has_one(db: Session) -> None:
    """Red when a registration that was never confirmed is told as cancelled, or when the
    cancelled one stands beside the new one."""
    owner, other = make_member(db), make_member(db)
    event = make_event(db, places=1)
    first = booking.register(db, event, owner, keys=KEYS, by=None, now=NOW)
    waiting = booking.register(db, event, other, keys=KEYS, by=None, now=NOW)
    booking.cancel(db, waiting, by=None, now=NOW)
    booking.cancel(db, first, by=None, now=NOW)
    again = booking.register(db, event, owner, keys=KEYS, by=None, now=NOW)
    assert of_member(db, other.id).registrations == []
    assert of_member(db, owner.id).registrations == [again]


def test_the_programme_for_all_leaves_out_what_is_not_for_all(db: Session) -> None:
    """R29: what is cancelled says so under its UID, one number on; red when the query asks for
    published ones alone, or when a draft, an invitation or a hidden event is told."""
    shown = make_event(db)
    make_event(db, invited_only=True)
    make_event(db, hidden=True, for_tiers=["gold"])
    make_event(db, state="draft", published_at=None)
    gone = make_event(db)
    programme.cancel(db, gone, reason="大雪", by=None, now=NOW)
    raw = feeds.of_programme(db, language="en", now=NOW).written(name="x", base_url="http://club")
    found = {(entry[0], entry[1], entry[3], entry[4]) for entry in by_icalendar(raw)}
    assert found == {
        (shown.uid, "Spring drive", "CONFIRMED", "0"),
        (gone.uid, "Spring drive", "CANCELLED", "1"),
    }
    assert by_icalendar(raw) == by_vobject(raw)


def test_the_same_calendar_is_the_same_bytes_and_a_change_is_another_mark(db: Session) -> None:
    """Red when the moment of asking stands in it."""
    owner, event = make_member(db), make_event(db)
    mine = booking.register(db, event, owner, keys=KEYS, by=None, now=NOW)
    before = of_member(db, owner.id)
    later = feeds.of_member(db, owner.id, language="zh-Hans", now=NOW + timedelta(hours=5))
    written = []
    for feed, moment in ((before, NOW), (later, NOW + timedelta(hours=5))):
        with time_machine.travel(moment, tick=False):
            written.append((feed.mark, feed.written(name="x", base_url="http://club")))
    assert written[0] == written[1]
    booking.cancel(db, mine, by=None, now=NOW + timedelta(days=1))
    after = of_member(db, owner.id)
    assert (after.mark != before.mark, after.changed_at) == (True, NOW + timedelta(days=1))


def test_the_secret_is_kept_sealed_and_an_old_one_leads_nowhere(db: Session) -> None:
    """Red when renewing keeps the index, or when a closed login still reads."""
    account = make_member(db).account
    assert account
    made = subscriptions.renew(db, account, keys=KEYS, by=account.id, now=NOW)
    old = subscriptions.secret_of(made, KEYS)
    assert old not in (made.secret_sealed, made.secret_index)
    assert subscriptions.reader_of_secret(db, old, keys=KEYS) is account
    new = subscriptions.secret_of(
        subscriptions.renew(db, account, keys=KEYS, by=account.id, now=NOW), KEYS
    )
    assert subscriptions.reader_of_secret(db, old, keys=KEYS) is None
    account.active = False
    assert subscriptions.reader_of_secret(db, new, keys=KEYS) is None


class Reader:
    """A member with a place, and the phone that subscribes."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            write()
            session = app_db.session
            owner = make_member(session)
            assert owner.account
            self.account_id, now = owner.account.id, clock.now()
            event = make_event(session, starts_at=now + timedelta(days=7))
            self.mine = booking.register(
                session, event, owner, keys=KEYS, by=None, now=now - timedelta(hours=1)
            ).id
            session.commit()
        self.browser, self.phone = visitor_of(app, self.account_id), app.test_client()

    def path(self) -> str:
        found = re.search(r"http://localhost(/calendar/[^\"]+\.ics)", self.page())
        assert found
        return found[1]

    def page(self) -> str:
        return self.browser.get("/me/calendar").get_data(as_text=True)

    def make(self) -> None:
        assert send(self.browser, "/me/calendar/renew", "/me/calendar").status_code == 303


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app)


def test_a_phone_that_asks_again_gets_nothing_until_something_changes(
    reader: Reader, app: Flask
) -> None:
    """By mark and by day, packed or not; red when the mark is a strong one: packing changes it."""
    reader.make()
    path, packed = reader.path(), {"Accept-Encoding": "gzip"}
    first = reader.phone.get(path, headers=packed)
    assert (first.status_code, first.mimetype) == (200, "text/calendar")
    known = [
        {"If-None-Match": first.headers["ETag"], **packed},
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ]
    again = [reader.phone.get(path, headers=asked) for asked in known]
    assert [(one.status_code, one.data) for one in again] == [(304, b"")] * 3
    send(
        reader.browser,
        f"/me/registrations/{reader.mine}/cancel",
        f"/me/registrations/{reader.mine}",
    )
    after = [reader.phone.get(path, headers=asked) for asked in known]
    assert [one.status_code for one in after] == [200] * 3
    assert b"STATUS:CANCELLED" in after[1].data


def test_a_calendar_is_made_renewed_and_ended_on_its_page(reader: Reader, app: Flask) -> None:
    """Red when the old address still answers; the page shows a webcal: link beside the address."""
    assert "webcal://localhost/calendar/" not in reader.page()
    reader.make()
    old = reader.path()
    assert f"webcal://localhost{old}" in reader.page()
    reader.make()
    new = reader.path()
    assert [reader.phone.get(path).status_code for path in (old, new)] == [404, 200]
    send(reader.browser, "/me/calendar/end", "/me/calendar")
    assert reader.phone.get(new).status_code == 404
    with fresh(app) as session:
        assert session.scalars(select(CalendarSubscription)).all() == []


def test_anybody_reads_the_programmes_calendar(client: FlaskClient, reader: Reader) -> None:
    answer = client.get("/events/calendar.ics?language=en")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=900")
    assert "SUMMARY:Spring drive" in answer.get_data(as_text=True)
    asked = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/events/calendar.ics?language=en", headers=asked).status_code == 304
    assert client.get("/events/calendar.ics?language=zh-Hans", headers=asked).status_code == 200
