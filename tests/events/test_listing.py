"""The programme as it is narrowed down, on both databases."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from events import listing
from events.listing import Filter
from tests.making import NOW, make_event

ZONE = ZoneInfo("Asia/Shanghai")


def titles(db: Session, interest: str, limit: int = 24) -> list[str]:
    found = listing.coming(db, Filter(interest=interest), ZONE, now=NOW, limit=limit)
    return [event.title_zh for event in found]


def test_an_interest_finds_the_events_that_speak_to_it(db: Session) -> None:
    """In the query, so that a page is full where enough fits; red when a part of a code fits."""
    make_event(db, title_zh="品茶", interests=["tea-tasting", "fine-food"])
    make_event(db, title_zh="骑行", interests=["cycling"])
    make_event(db, title_zh="品酒", interests=["wine-tasting", "fine-food"])
    make_event(db, title_zh="无")
    assert titles(db, "fine-food") == ["品茶", "品酒"]
    assert titles(db, "fine-food", limit=1) == ["品茶"]
    assert titles(db, "tasting") == []


@pytest.mark.parametrize("typed", ['"', "%", "_", "\\", '", "', "', 1) --", "茶", "x" * 5000])
def test_what_is_no_interest_finds_nothing(db: Session, typed: str) -> None:
    make_event(db, interests=["tea-tasting", "fine-food"])
    assert titles(db, typed) == []
