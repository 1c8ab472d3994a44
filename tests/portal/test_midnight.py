"""Half a minute before midnight and half a minute after, in the shop: the dates are right (R68)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import select

from club.models import LedgerEntry
from events import booking
from events.models import Ticket
from events.tickets import TicketKeys
from foundation import clock
from foundation.web.database import db, write
from members.facts import facts_of
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.reading import texts

BEFORE = datetime(2026, 3, 31, 15, 59, 30, tzinfo=UTC)  # 23:59:30 in the shop, 31 March
AFTER = datetime(2026, 3, 31, 16, 0, 30, tzinfo=UTC)  # 00:00:30 in the shop, 1 April


@pytest.fixture
def at(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """The clock stands at the moment."""
    with time_machine.travel(request.param, tick=False):
        yield request.param


@pytest.mark.parametrize(
    ("at", "day"), [(BEFORE, date(2026, 3, 31)), (AFTER, date(2026, 4, 1))], indirect=["at"]
)
def test_who_comes_around_midnight_has_the_points_of_the_shops_day(
    app: Flask, at: datetime, day: date
) -> None:
    """R68, R1: in the ledger; red when attendance.count takes now.date()."""
    ticket = _ticket(app, at)
    door = f"/desk/events/{ticket.event_id}/check-in"
    assert send(at_desk(app), door, code=ticket.code).status_code == 303
    with fresh(app) as session:
        entry = session.scalars(select(LedgerEntry)).one()
        assert (entry.effective_on, entry.recorded_at) == (day, at)


def _ticket(app: Flask, at: datetime) -> Ticket:
    """Of a member for an event that begins in ten minutes."""
    with app.app_context():
        write()
        event = making.make_event(db.session, starts_at=at + timedelta(minutes=10))
        keys = TicketKeys.of(current_app.extensions["club_settings"])
        owner = making.make_member(db.session)
        made = booking.register(
            db.session, event, owner, keys=keys, by=None, now=clock.now() - timedelta(days=1)
        )
        db.session.commit()
        assert made.ticket is not None
        db.session.refresh(made.ticket)
        return made.ticket


@pytest.mark.parametrize(("at", "listed"), [(BEFORE, []), (AFTER, ["林晓"])], indirect=["at"])
def test_the_list_counts_months_without_a_visit_by_the_shops_day(
    app: Flask, at: datetime, listed: list[str]
) -> None:
    """R68: last here on 1 January; red when the list's today is the day in UTC."""
    with app.app_context():
        write()
        owner = making.make_member(db.session, "林晓")
        facts_of(db.session, owner.id).last_visit_on = date(2026, 1, 1)
        db.session.commit()
    html = at_desk(app).get("/desk/members?visit=3").get_data(as_text=True)
    assert [name for name in ["林晓"] if name in html] == listed


@pytest.mark.parametrize(
    ("at", "this_month", "day"),
    [(BEFORE, "1", "2026 年 3 月 31 日"), (AFTER, "0", "2026 年 4 月 1 日")],
    indirect=["at"],
)
def test_the_figures_are_of_the_shops_day(
    app: Flask, at: datetime, this_month: str, day: str
) -> None:
    """R68: who joined in March; red when the page's today is the day in UTC."""
    with app.app_context():
        write()
        owner = making.make_member(db.session)
        assert owner.membership is not None
        owner.membership.joined_on = date(2026, 3, 20)
        db.session.commit()
    html = at_desk(app).get("/desk/figures?span=month").get_data(as_text=True)
    assert day in html.replace("\u00a0", " ")
    assert texts(html, "tile-value")[1] == this_month
