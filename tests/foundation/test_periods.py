"""Periods: what is offered, what they are compared with, which months a chart of them shows."""

from datetime import date

import pytest

from foundation.periods import NoPeriod, Span, period_between, period_of


@pytest.mark.parametrize(
    ("span", "today", "first", "last", "before"),
    [
        ("month", "2026-11-10", "2026-11-01", "2026-11-10", "2026-10-01/2026-10-10"),
        ("month", "2026-11-30", "2026-11-01", "2026-11-30", "2026-10-01/2026-10-31"),
        ("month", "2026-03-31", "2026-03-01", "2026-03-31", "2026-02-01/2026-02-28"),
        ("last-month", "2026-03-15", "2026-02-01", "2026-02-28", "2026-01-01/2026-01-31"),
        ("quarter", "2026-11-29", "2026-10-01", "2026-11-29", "2026-07-01/2026-08-29"),
        ("last-quarter", "2026-02-01", "2025-10-01", "2025-12-31", "2025-07-01/2025-09-30"),
        ("year", "2028-02-29", "2028-01-01", "2028-02-29", "2027-01-01/2027-02-28"),
        ("last-year", "2026-11-29", "2025-01-01", "2025-12-31", "2024-01-01/2024-12-31"),
        ("12", "2026-11-29", "2025-11-30", "2026-11-29", "2024-11-30/2025-11-29"),
        ("12", "2028-02-29", "2027-03-01", "2028-02-29", "2026-03-01/2027-02-28"),
    ],
)
def test_a_period_and_the_one_before(
    span: str, today: str, first: str, last: str, before: str
) -> None:
    """R68: red when a month that ends is compared with one that is cut off"""
    chosen = next(one for one in Span if one.value == span)
    found = period_of(chosen, today=date.fromisoformat(today))
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert f"{found.before.first}/{found.before.last}" == before


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 3, 5), date(2026, 3, 9), (date(2026, 2, 28), date(2026, 3, 4))),
        (date(2026, 2, 1), date(2026, 3, 31), (date(2025, 12, 1), date(2026, 1, 31))),
    ],
)
def test_days_are_compared_with_days_and_whole_months_with_months(
    first: date, last: date, before: tuple[date, date]
) -> None:
    found = period_between(first, last).before
    assert (found.first, found.last) == before


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(1, 1, 1), date(2026, 1, 1)),
        (date(2020, 1, 1), date(2025, 1, 1)),
    ],
)
def test_what_is_no_period_is_refused(first: date | None, last: date) -> None:
    with pytest.raises(NoPeriod):
        period_between(first, last)


def test_a_chart_has_a_year_of_months_or_all_of_a_longer_period() -> None:
    month = period_of(Span.MONTH, today=date(2026, 2, 3))
    assert (month.months[0], month.months[-1], len(month.months)) == ("2025-03", "2026-02", 12)
    long = period_between(date(2024, 1, 15), date(2026, 2, 3))
    assert (long.months[0], len(long.months), long.chart_first) == ("2024-01", 26, date(2024, 1, 1))
