"""Notices before a tier falls and before points end, on both databases."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import jobs
from club.models import EndingKind, EndingNotice
from foundation.outbox import Letter
from foundation.settings import Settings
from members.models import Owner
from tests.club import scene
from tests.club.scene import TODAY, days

ENDS = date(2027, 3, 1)  # silver of TODAY is kept until this day
LOTS_END = date(2028, 3, 1)


def told(db: Session, settings: Settings, *on: date) -> list[tuple[str, int, str]]:
    """What the job notes on these days, run twice on each: kind, step, day of telling."""
    for day in on:
        for _ in range(2):
            jobs.tell_of_endings(db, settings, scene.moment(day))
    rows = db.scalars(select(EndingNotice).order_by(EndingNotice.id))
    return [(row.kind.value, row.days_before, str(ENDS - row.told_on).split()[0]) for row in rows]


def letters(db: Session) -> list[str]:
    return list(db.scalars(select(Letter.template).order_by(Letter.id)))


def silver(db: Session, **more: bool) -> Owner:
    who = scene.owner(db, **more)
    scene.buy(db, who, TODAY, 3_000_00)
    db.query(Letter).delete()
    return who


def test_a_fall_is_told_three_times(db: Session, settings: Settings) -> None:
    """R10: 60, 30 and 7 days before, once each, though the job runs each day twice.

    Red when all that ends is told instead of what could be noted.
    """
    silver(db)
    each_day = [ENDS - days(ago) for ago in range(65, -1, -1)]
    assert told(db, settings, *each_day) == [
        ("tier", 60, "60"),
        ("tier", 30, "30"),
        ("tier", 7, "7"),
    ]
    assert letters(db) == ["club/tier-ending"] * 3
    (said,) = {
        (one.details["window_months"], one.details["keep_months"]) for one in db.query(Letter)
    }
    assert said == (12, 12)


def test_missed_days_are_caught_up_with_the_nearest_notice(db: Session, settings: Settings) -> None:
    """One letter on the day the job wakes, 5 before the end; red when each missed step is told."""
    silver(db)
    assert told(db, settings, ENDS - days(5), ENDS - days(4)) == [("tier", 7, "5")]


def test_who_spent_enough_is_told_of_no_fall(db: Session, settings: Settings) -> None:
    """red when every tier that comes to its review is told"""
    who = silver(db)
    scene.buy(db, who, ENDS - days(90), 3_000_00)
    db.query(Letter).delete()
    assert told(db, settings, ENDS - days(60), ENDS - days(5)) == []


def test_who_is_not_a_member_is_told_nothing(db: Session, settings: Settings) -> None:
    """red without the join with the memberships"""
    silver(db, member=False)
    told(db, settings, ENDS - days(60), LOTS_END - days(60))
    assert letters(db) == []


def test_points_of_several_days_end_in_one_letter(db: Session, settings: Settings) -> None:
    """Two lots end four days apart: one letter, noted for each day; spent points end nowhere."""
    who = scene.owner(db)
    for day, fen in ((TODAY, 100_00), (TODAY + days(4), 50_00)):
        scene.buy(db, who, day, fen)
    assert told(db, settings, LOTS_END - days(20))[0][:2] == ("points", 30)
    (letter,) = db.scalars(select(Letter))
    assert [(part["points"], part["day"]) for part in letter.details["parts"]] == [
        (100, "2028-03-01"),
        (50, "2028-03-05"),
    ]
    noted = db.scalars(select(EndingNotice.due_on).where(EndingNotice.kind == EndingKind.POINTS))
    assert noted.all() == [LOTS_END, LOTS_END + days(4)]


def test_a_notice_waits_for_the_morning(db: Session, settings: Settings) -> None:
    """Posted at five past midnight, sent at nine; red when it goes at once."""
    silver(db)
    midnight = scene.moment(ENDS - days(61)).replace(hour=16, minute=5)
    jobs.tell_of_endings(db, settings, midnight)
    (letter,) = db.scalars(select(Letter))
    assert letter.not_before == scene.moment(ENDS - days(60)).replace(hour=1)
    assert letter.not_after == scene.moment(ENDS).replace(hour=16)
