"""The programme as it is narrowed down, on both databases."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from events import booking, listing, month_grid
from events.listing import Filter
from tests.making import KEYS, NOW, make_event, make_member

ZONE = ZoneInfo("Asia/Shanghai")


def titles(db: Session, **chosen: object) -> list[str]:
    wanted = Filter(**chosen)  # type: ignore[arg-type]
    events, _rooms = listing.with_places(db, listing.coming_query(wanted, ZONE, now=NOW), wanted)
    return [event.title_zh for event in events]


def test_an_interest_finds_the_events_that_speak_to_it(db: Session) -> None:
    """Red when a part of a code fits."""
    make_event(db, title_zh="品茶", interests=["tea-tasting", "fine-food"])
    make_event(db, title_zh="骑行", interests=["cycling"])
    make_event(db, title_zh="品酒", interests=["wine-tasting", "fine-food"])
    make_event(db, title_zh="无")
    assert titles(db, interest="fine-food") == ["品茶", "品酒"]
    assert titles(db, interest="tasting") == []


@pytest.mark.parametrize("typed", ['"', "%", "_", "\\", '", "', "', 1) --", "茶", "x" * 5000])
def test_what_is_no_interest_finds_nothing(db: Session, typed: str) -> None:
    make_event(db, interests=["tea-tasting", "fine-food"])
    assert titles(db, interest=typed) == []


def test_words_are_looked_for_in_title_summary_and_place(db: Session) -> None:
    """All of them must be said; a sign of the database's is a letter like others."""
    make_event(db, title_zh="品茶", place_zh="龙井村", summary_en="100% Tea")
    make_event(db, title_zh="骑行", place_zh="龙井村")
    assert titles(db, words="龙井 TEA") == ["品茶"]
    assert titles(db, words="100%") == ["品茶"]
    assert titles(db, words="龙_") == []


def test_only_with_places_free_leaves_out_what_is_full(db: Session) -> None:
    """Unlimited is free; red when an event whose places are all taken is kept."""
    make_event(db, title_zh="不限", places=None)
    full = make_event(db, title_zh="满", places=1)
    make_event(db, title_zh="有", places=2)
    booking.register(db, full, make_member(db), keys=KEYS, by=None, now=NOW)
    db.expire_all()
    assert titles(db, free=True) == ["不限", "有"]


def test_a_month_shows_each_day_that_an_event_touches(db: Session) -> None:
    """R68: from 23:30 on 30 April to midnight of 2 May in the shop: days 30 and 1, not 2."""
    starts = NOW.replace(month=4, day=30, hour=15, minute=30)
    trip = make_event(db, starts_at=starts, ends_at=starts + timedelta(hours=24, minutes=30))
    may = date(2026, 5, 1)
    found = db.scalars(listing.month_query(Filter(), may, ZONE)).all()
    weeks = month_grid.weeks_of(may, found, ZONE)
    days = [day for week in weeks for day in week]
    assert [day.on for day in days if day.events] == [date(2026, 4, 30), may]
    assert (days[0].on.weekday(), len(days) % 7, sum(day.inside for day in days)) == (0, 0, 31)
    assert found == [trip]


def test_places_come_in_the_order_of_their_first_event(db: Session) -> None:
    early = make_event(db, place_zh="湖", starts_at=NOW + timedelta(days=3))
    middle = make_event(db, place_zh="山", starts_at=NOW + timedelta(days=4))
    late = make_event(db, place_zh="湖", starts_at=NOW + timedelta(days=5))
    assert listing.by_place([late, middle, early]) == [[early, late], [middle]]
