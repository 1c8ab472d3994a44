"""`ledger check` and `timetable run` from the command line."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from club import ledger
from club.models import EntryKind, LedgerEntry, Lot, TierStanding
from foundation.outbox import Letter
from foundation.web.database import db, write
from members.models import MemberFacts, Owner
from tests import making
from tests.club import scene


@pytest.fixture
def silver(app: Flask) -> int:
    """A member who reached silver on 2 March 2025 and bought nothing since."""
    with app.app_context():
        write()
        owner: Owner = making.make_member(db.session)
        scene.buy(db.session, owner, date(2025, 3, 2), 3_000_00)
        db.session.commit()
        return owner.id


def test_a_ledger_that_agrees_passes(app: Flask, silver: int) -> None:
    found = app.test_cli_runner().invoke(args=["ledger", "check"])
    assert (found.exit_code, found.stdout) == (0, "")


def test_each_difference_is_a_line(app: Flask, silver: int) -> None:
    """R1: one point more in a lot is a difference to entries, facts, allocations and the lot."""
    with app.app_context():
        write()
        db.session.query(Lot).update({"rest": Lot.rest + 1})
        db.session.commit()
    found = app.test_cli_runner().invoke(args=["ledger", "check"])
    assert found.exit_code == 1
    assert found.stdout.splitlines() == [
        f"entries-lots {silver}: 3000 and 3001",
        f"lots-facts {silver}: 3001 and 3000",
        "rest-allocations 1: 1 and 0",
        "rest-beyond-lot 1: 3000 and 3001",
    ]


def run(app: Flask, moment: str) -> None:
    found = app.test_cli_runner().invoke(args=["timetable", "run", "--at", moment])
    assert found.exit_code == 0, found.output


def test_the_day_runs_as_of_a_moment_twice(app: Flask, silver: int) -> None:
    """R3, R10: at five past midnight two years on points and tier are over; again: nothing more.

    Red when a job asks the clock instead of the moment.
    """
    for _ in range(2):
        run(app, "2027-03-03T00:05+08:00")
    with app.app_context():
        ended = select(func.count()).where(LedgerEntry.kind == EntryKind.EXPIRE)
        assert db.session.scalar(ended) == 1
        assert ledger.balance(db.session, silver) == 0
        assert db.session.get_one(TierStanding, silver).tier.value == "general"
        assert db.session.get_one(MemberFacts, silver).next_change_on is None


def test_missed_days_bring_one_notice(app: Flask, silver: int) -> None:
    """20 days before the points end, after a long sleep: one letter of points, none twice."""
    for day in (0, 0, 1):
        run(app, f"{date(2027, 2, 10) + timedelta(days=day)}T00:05+08:00")
    with app.app_context():
        posted = db.session.scalars(select(Letter.template)).all()
        assert posted.count("club/points-ending") == 1
