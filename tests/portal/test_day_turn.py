"""The shop's day just before and just after midnight, while UTC is on the day before (R68)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from club import jobs, ledger
from foundation import clock
from foundation.web.language import day_text
from tests.browsing import fresh
from tests.entering import at_desk
from tests.making import make_event, make_member

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


@pytest.mark.parametrize("address", ["/desk", "/desk/figures"])
def test_the_desk_says_the_shops_day(app: Flask, today: date, address: str) -> None:
    """R68: red with the day of UTC in the page."""
    html = at_desk(app).get(address).get_data(as_text=True)
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
    html = html.replace("\u00a0", " ")
    assert [day for day, words in spoken.items() if words in html] == [today]
