"""Moments, shop days and months."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1990, 2999


def now() -> datetime:
    """This moment, aware, UTC. Pages and jobs ask once and pass it on."""
    return datetime.now(UTC)


def shop_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day it is in the shop (R68)."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a shop day, UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after a shop day, UTC: deadlines that name a day last until it."""
    return start_of(day + timedelta(days=1), zone)


def is_meant(day: date) -> bool:
    """Whether somebody can mean a typed day; near the ends of the calendar sums have no result."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


@lru_cache(maxsize=1 << 16)
def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month (R10)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
