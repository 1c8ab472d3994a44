"""The way of one owner through the tiers, worked out from what they spent and the rules.

Rise at once; a reached tier is kept; at the end of its twelve months it is renewed where the
window still justifies it, else it falls by one and that one is kept (R10). Everything here is
counting: nothing is read and nothing is stored, so the same purchases always give the same path.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from club.models import TierCode
from club.rules_in_force import RuleBook
from foundation import clock

LADDER = tuple(TierCode)


@dataclass(frozen=True, slots=True)
class Spend:
    """What still stands of one purchase: its day, its fen, its order line."""

    on: date
    fen: int
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A rise, a fall or a renewal, with the spend in the window that decided it."""

    on: date
    before: TierCode
    after: TierCode
    reason: str
    spend_fen: int
    line_id: int | None = None
    version_id: int | None = None


@dataclass
class TierPath:
    """Where the owner stands after the purchases taken so far.

    `kept_until` is the last day of a reached tier; its review is at the end of that day, with
    the window (kept_until − 12 months, kept_until].
    """

    book: RuleBook
    tier: TierCode = TierCode.GENERAL
    since: date | None = None
    kept_until: date | None = None
    steps: list[Step] = field(default_factory=list)
    _days: list[date] = field(default_factory=list)
    _sums: list[int] = field(default_factory=lambda: [0])

    def spend_in_window(self, day: date) -> int:
        """Fen of the purchases in (day − 12 months, day]."""
        start = bisect_right(self._days, self.book.on(day).window_starts_after(day))
        return self._sums[bisect_right(self._days, day)] - self._sums[start]

    def pass_reviews(self, before: date) -> None:
        """Hold every review whose twelve months ended before this day."""
        while self.kept_until is not None and self.kept_until < before:
            self._review(self.kept_until)

    def take(self, spend: Spend) -> None:
        """Add the next purchase in time and rise at once where it reaches a threshold (R9)."""
        self.pass_reviews(spend.on)
        self._days.append(spend.on)
        self._sums.append(self._sums[-1] + spend.fen)
        rules = self.book.on(spend.on)
        total = self.spend_in_window(spend.on)
        justified = rules.tier_for(total)
        if justified.rank > self.tier.rank:
            self._stand(justified, spend.on, "rise", total, spend.line_id)

    def _review(self, day: date) -> None:
        total = self.spend_in_window(day)
        justified = self.book.on(day).tier_for(total)
        if justified.rank >= self.tier.rank:
            self._stand(self.tier, day, "renewal", total)
        else:
            self._stand(LADDER[self.tier.rank - 1], day, "fall", total)

    def _stand(
        self, tier: TierCode, day: date, reason: str, total: int, line_id: int | None = None
    ) -> None:
        rules = self.book.on(day)
        self.steps.append(Step(day, self.tier, tier, reason, total, line_id, rules.version_id))
        if tier != self.tier:
            self.since = day
        self.tier = tier
        lowest = tier is TierCode.GENERAL
        self.kept_until = None if lowest else clock.add_months(day, rules.keep_months)


def walk(book: RuleBook, spends: Iterable[Spend]) -> TierPath:
    """The path of these purchases, which must come in order of time."""
    path = TierPath(book)
    for spend in spends:
        path.take(spend)
    return path


def at_end_of(path: TierPath, day: date) -> TierPath:
    """The path after the last moment of a shop day, its reviews held."""
    path.pass_reviews(day + timedelta(days=1))
    return path
