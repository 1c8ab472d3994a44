"""Spans of shop days that figures are asked for, and the span before, to compare with."""

from dataclasses import dataclass
from datetime import date, timedelta

from foundation.clock import add_months, is_meant
from foundation.labels import Labelled
from foundation.refusals import Refusal
from foundation.words import N_

DAY = timedelta(days=1)
LONGEST_YEARS = 5
CHART_MONTHS = 12


class NoPeriod(Refusal):
    """Two days that are no period."""


class Span(Labelled):
    """The periods that are offered; the last is between two days as typed."""

    TWELVE = "12", N_("The last twelve months")
    MONTH = "month", N_("This month")
    LAST_MONTH = "last-month", N_("Last month")
    QUARTER = "quarter", N_("This quarter")
    LAST_QUARTER = "last-quarter", N_("Last quarter")
    YEAR = "year", N_("This year")
    LAST_YEAR = "last-year", N_("Last year")
    OWN = "own", N_("Between two days")


_MONTHS = {
    Span.MONTH: 1,
    Span.LAST_MONTH: 1,
    Span.QUARTER: 3,
    Span.LAST_QUARTER: 3,
    Span.YEAR: 12,
    Span.LAST_YEAR: 12,
}
_PAST = {Span.LAST_MONTH, Span.LAST_QUARTER, Span.LAST_YEAR}


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. `step` is how many months back the one before
    lies; without it that is the same number of days just before."""

    span: Span
    first: date
    last: date
    step: int | None = None

    @property
    def before(self) -> "Period":
        """What to compare with: the same part of the month, quarter or year before."""
        if self.step is None:
            long = self.last - self.first + DAY
            return Period(Span.OWN, self.first - long, self.first - DAY)
        last = add_months(self.last, -self.step)
        if (self.last + DAY).day == 1:
            last = add_months(self.last + DAY, -self.step) - DAY
        first = add_months(self.first, -self.step)
        if self.span is Span.TWELVE:
            first = add_months(last, -self.step) + DAY
        return Period(self.span, first, last, self.step)

    @property
    def months(self) -> list[str]:
        """The months for a chart, "2026-11": those of the period, at least twelve."""
        end = self.last.replace(day=1)
        touched = 12 * (end.year - self.first.year) + end.month - self.first.month + 1
        many = max(touched, CHART_MONTHS)
        return [month_key(add_months(end, n + 1 - many)) for n in range(many)]

    @property
    def chart_first(self) -> date:
        """The first day of the chart's first month."""
        return date.fromisoformat(f"{self.months[0]}-01")


def month_key(day: date) -> str:
    """The month of a day as charts name it: 2026-11."""
    return f"{day:%Y-%m}"


def period_of(span: Span, *, today: date) -> Period:
    """The period of a span that is offered; what runs ends today."""
    if span is Span.TWELVE:
        return Period(span, add_months(today, -12) + DAY, today, 12)
    many = _MONTHS[span]
    start = date(today.year, (today.month - 1) // many * many + 1, 1)
    if span in _PAST:
        return Period(span, add_months(start, -many), start - DAY, many)
    return Period(span, start, today, many)


def period_between(first: date | None, last: date | None) -> Period:
    """The period between two typed days; whole months are compared with whole months."""
    if first is None or last is None or not (is_meant(first) and is_meant(last)) or first > last:
        raise NoPeriod(N_("Please give two days, the earlier one first."))
    if last >= add_months(first, 12 * LONGEST_YEARS):
        raise NoPeriod(N_("Please choose at most %(years)s years."), years=LONGEST_YEARS)
    if first.day == 1 and (last + DAY).day == 1:
        return Period(
            Span.OWN, first, last, 12 * (last.year - first.year) + last.month - first.month + 1
        )
    return Period(Span.OWN, first, last)
