"""The period that a page of figures was asked for: ?span=…, or ?span=own&from=…&until=…"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import current_app, request

from foundation import clock
from foundation.periods import Period, Span, period_between, period_of
from foundation.refusals import Refusal
from foundation.web.pages import refused


@dataclass(frozen=True, slots=True)
class Asked:
    """The period, what was typed for it, and the refusal where that was none."""

    period: Period
    span: str
    first: str
    last: str
    refusal: str | None = None

    @property
    def status(self) -> int:
        return 422 if self.refusal else 200

    @property
    def query(self) -> str:
        """The same period as the query of an address."""
        if self.span != Span.OWN or self.refusal:
            return urlencode({"span": self.period.span.value})
        return urlencode({"span": self.span, "from": self.first, "until": self.last})


def asked_period() -> Asked:
    """What the address asks for; the last twelve months where it asks for nothing, or no period."""
    today = clock.shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    span = request.values.get("span", Span.TWELVE.value)[:20]
    first, last = (request.values.get(name, "")[:20] for name in ("from", "until"))
    found = next((one for one in Span if one.value == span), Span.TWELVE)
    if found is not Span.OWN:
        return Asked(period_of(found, today=today), found.value, first, last)
    try:
        return Asked(period_between(_day(first), _day(last)), found.value, first, last)
    except Refusal as no:
        instead = period_of(Span.TWELVE, today=today)
        return Asked(instead, found.value, first, last, refused(no))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
