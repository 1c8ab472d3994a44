"""The shop's day just before and just after midnight, while UTC is on the day before (R68)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from club import jobs, ledger
from club.models import LedgerEntry, Lot
from events import booking, check_in
from foundation import clock
from foundation.web.database import db, write
from foundation.web.language import day_text
from members.facts import facts_of
from members.models import MemberFacts
from tests.browsing import fresh
from tests.events.at_the_desk import desk
from tests.making import KEYS, make_event, make_member
from tests.reading import texts

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
MOMENTS = {
    FIRST: datetime(2026, 3, 1, 15, 59, 30, tzinfo=UTC),  # 23:59:30 in the shop
    SECOND: datetime(2026, 3, 1, 16, 0, 30, tzinfo=UTC),
}


@pytest.fixture(params=MOMENTS, ids=["23:59:30", "00:00:30"])
def today(request: pytest.FixtureRequest) -> Iterator[date]:
    """The shop's day at a clock that stands still."""
    with time_machine.travel(MOMENTS[request.param], tick=False):
        yield request.param


def test_points_at_the_door_are_of_the_shops_day(app: Flask, today: date) -> None:
    """R68: entry, lot and facts; red with the day of UTC in events.attendance."""
    now = clock.now()
    with fresh(app) as session:
        event = make_event(session, starts_at=now + timedelta(minutes=30))
        owner = make_member(session)
        made = booking.register(session, event, owner, keys=KEYS, by=None, now=now)
        check_in.check_in(session, event, made.ticket, request_id="1", by=None, now=now)
        session.commit()
    with fresh(app) as session:
        entry = session.scalars(select(LedgerEntry)).one()
        assert (entry.effective_on, entry.recorded_at) == (today, now)
        lot = session.scalars(select(Lot)).one()
        assert lot.expires_on == clock.add_months(today, 24)
        assert session.get_one(MemberFacts, owner.id).last_attended_on == SECOND


def test_points_live_to_the_shops_midnight(app: Flask, today: date) -> None:
    """R3, R68: 100 points whose last day is 1 March; red with the day of UTC in club.jobs."""
    with fresh(app) as session:
        owner_id = make_member(session).id
        begun = {"on": date(2024, 3, 1), "now": clock.now(), "by": None, "reason": "x"}
        ledger.give_bonus(session, owner_id, 100, cause_kind="x", cause_id="1", **begun)
        jobs.review_due(session, app.extensions["club_settings"], clock.now())
        session.commit()
    with fresh(app) as session:
        assert ledger.balance(session, owner_id) == (100 if today == FIRST else 0)


def test_the_last_visit_is_counted_from_the_shops_day(app: Flask, today: date) -> None:
    """R68: away for six months from 2 March on; red with the day of UTC in members.staff.roster."""
    with app.app_context():
        write()
        owner = make_member(db.session, "安然", login=False)
        facts_of(db.session, owner.id).last_visit_on = date(2025, 9, 2)
        db.session.commit()
    html = desk(app).get("/desk/members?visit=6").get_data(as_text=True)
    found = [cell for cell in texts(html, "main", "td") if "安然" in cell]
    assert len(found) == (0 if today == FIRST else 1)


@pytest.mark.parametrize("address", ["/desk", "/desk/figures"])
def test_the_desk_says_the_shops_day(app: Flask, today: date, address: str) -> None:
    """R68: red with the day of UTC in the page."""
    html = desk(app).get(address).get_data(as_text=True)
    with app.test_request_context():
        spoken = {day: day_text(day, False) for day in (FIRST, SECOND)}
    assert [day for day, words in spoken.items() if words in html] == [today]


def test_an_event_is_told_in_the_shops_time(app: Flask, today: date) -> None:
    """R68: on its page, a week on; red when moment_text forgets the shop's zone."""
    with fresh(app) as session:
        event_id = make_event(session, starts_at=clock.now() + timedelta(days=7)).id
        session.commit()
    html = app.test_client().get(f"/events/{event_id}").get_data(as_text=True)
    spoken = {FIRST: "3 月 8 日 23:59", SECOND: "3 月 9 日 00:00"}
    assert [day for day, words in spoken.items() if words in html] == [today]
