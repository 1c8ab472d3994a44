"""A month of the programme as weeks of days, Monday first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from events.models import Event
from foundation import clock

A_DAY, A_WEEK = timedelta(days=1), 7


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid with what takes place on it; `inside` says that it is of this month."""

    on: date
    inside: bool
    events: tuple[Event, ...]


def weeks_of(month: date, events: Iterable[Event], zone: ZoneInfo) -> list[list[Day]]:
    """Whole weeks around the month. An event of several days stands on each of them."""
    first = month.replace(day=1)
    last = clock.add_months(first, 1) - A_DAY
    begin = first - A_DAY * first.weekday()
    end = last + A_DAY * (A_WEEK - 1 - last.weekday())
    by_day: dict[date, list[Event]] = {}
    for event in events:
        for day in days_of(event, zone):
            by_day.setdefault(day, []).append(event)
    days = [begin + A_DAY * number for number in range((end - begin).days + 1)]
    grid = [Day(day, day.month == first.month, tuple(by_day.get(day, ()))) for day in days]
    return [grid[at : at + A_WEEK] for at in range(0, len(grid), A_WEEK)]


def days_of(event: Event, zone: ZoneInfo) -> list[date]:
    """The shop days that an event touches; one that ends at midnight ends the day before."""
    first = clock.shop_day(event.starts_at, zone)
    last = max(first, clock.shop_day(event.ends_at - timedelta(microseconds=1), zone))
    return [first + A_DAY * number for number in range((last - first).days + 1)]
