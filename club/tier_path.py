"""The way of one owner through the tiers, worked out from what they spent and the rules.

Rise at once; a reached tier is kept; at the end of its term it is renewed where the
window still justifies it, else it falls by one and that one is kept (R10). On a day that brings
other rules an owner rises to what they justify and never falls. A tier that was given, by an
opening balance or for a delivery, is held until its day as if it had been reached. While members
are under notice of coming rules, the better of both results counts. Everything here is counting:
nothing is read and nothing is stored, so the same purchases always give the same path.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from club.models import GrantWhy, TierCode
from club.rules import Rules
from club.rules_in_force import RuleBook
from foundation import clock

LADDER = tuple(TierCode)
RISE, NEW_RULES = "rise", "new-rules"
RISES = (RISE, NEW_RULES)
FALL, REFUND, CORRECTION = "fall", "refund", "correction"
GIVEN = tuple(why.value for why in GrantWhy)


class Spend(NamedTuple):
    """What still stands of one purchase: its day, its fen, its order line."""

    on: date
    fen: int
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """A tier given from a day on, kept until another whatever was spent."""

    on: date
    tier: TierCode
    kept_until: date
    reason: str


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
    the window (kept_until − window, kept_until].
    """

    book: RuleBook
    tier: TierCode = TierCode.GENERAL
    since: date | None = None
    kept_until: date | None = None
    steps: list[Step] = field(default_factory=list)
    grants: Sequence[Grant] = ()
    _days: list[date] = field(default_factory=list)
    _sums: list[int] = field(default_factory=lambda: [0])
    _turned: int = 0
    _granted: int = 0

    def spend_in_window(self, day: date) -> int:
        """Fen of the purchases in (day − window, day]."""
        return self._spend(self.book.on(day), day)

    def pass_reviews(self, before: date) -> None:
        """Hold what comes before a day's first purchase: reviews of the days before it, and
        each change of the rules and each given tier up to the day itself."""
        turns = self.book.turns
        while True:
            turn = turns[self._turned] if self._turned < len(turns) else None
            review = self.kept_until
            if self.grants and self._next_grant_comes(before, turn, review):
                self._stand_granted(self.grants[self._granted])
                self._granted += 1
            elif turn is not None and turn <= before and (review is None or turn <= review):
                self._turned += 1
                self._rise(turn, NEW_RULES)
            elif review is not None and review < before:
                self._review(review)
            else:
                return

    def close_day(self, day: date) -> None:
        """Hold what comes up to the last moment of a day: its own review, no later rules."""
        self.pass_reviews(day)
        if self.kept_until is not None and self.kept_until <= day:
            self._review(self.kept_until)

    def take(self, spend: Spend) -> None:
        """Add the next purchase in time and rise at once where it reaches a threshold (R9)."""
        self.pass_reviews(spend.on)
        self._days.append(spend.on)
        self._sums.append(self._sums[-1] + spend.fen)
        if self._sums[-1] >= self.book.least_above(self.tier):
            self._rise(spend.on, RISE, spend.line_id)

    def _next_grant_comes(self, before: date, turn: date | None, review: date | None) -> bool:
        """Whether a given tier is next: after new rules of its day, before its review."""
        if self._granted == len(self.grants):
            return False
        day = self.grants[self._granted].on
        return day <= before and (turn is None or day < turn) and (review is None or day <= review)

    def _stand_granted(self, grant: Grant) -> None:
        """Rise to a given tier, or hold for longer the one that is held already."""
        same = grant.tier is self.tier and grant.kept_until > (self.kept_until or date.min)
        if grant.tier.rank > self.tier.rank or (same and grant.tier is not TierCode.GENERAL):
            total, version = self.spend_in_window(grant.on), self.book.on(grant.on).version_id
            self.steps.append(
                Step(grant.on, self.tier, grant.tier, grant.reason, total, None, version)
            )
            self.since = self.since if same else grant.on
            self.tier, self.kept_until = grant.tier, grant.kept_until

    def _granted_until(self, day: date) -> date:
        """Until when a tier given earlier holds the present one beyond its review on a day."""
        held = (
            one.kept_until
            for one in self.grants[: self._granted]
            if one.tier.rank >= self.tier.rank and one.kept_until > day
        )
        return max(held, default=day)

    def _spend(self, rules: Rules, day: date) -> int:
        start = bisect_right(self._days, rules.window_starts_after(day))
        return self._sums[bisect_right(self._days, day)] - self._sums[start]

    def _justified(self, day: date) -> tuple[TierCode, int, int | None]:
        """The tier that the window justifies, its spend, and the version that says so."""
        in_force = self.book.on(day)
        if not in_force.judges:
            total = self._spend(in_force, day)
            return in_force.tier_for(total), total, in_force.version_id
        found = []
        for rules in in_force.judges:
            total = self._spend(rules, day)
            found.append((rules.tier_for(total), total, rules.version_id))
        return max(found, key=lambda one: one[0].rank)

    def _rise(self, day: date, reason: str, line_id: int | None = None) -> None:
        tier, total, version_id = self._justified(day)
        if tier.rank > self.tier.rank:
            self._stand(Step(day, self.tier, tier, reason, total, line_id, version_id))

    def _review(self, day: date) -> None:
        tier, total, version_id = self._justified(day)
        granted = self._granted_until(day) if self.grants else day
        if tier.rank < self.tier.rank and granted > day:
            self.kept_until = granted
        elif tier.rank >= self.tier.rank:
            self._stand(Step(day, self.tier, self.tier, "renewal", total, None, version_id))
        else:
            lower = LADDER[self.tier.rank - 1]
            self._stand(Step(day, self.tier, lower, FALL, total, None, version_id))

    def _stand(self, step: Step) -> None:
        self.steps.append(step)
        if step.after != self.tier:
            self.since = step.on
        self.tier = step.after
        months = self.book.on(step.on).keep_months
        lowest = step.after is TierCode.GENERAL
        self.kept_until = None if lowest else clock.add_months(step.on, months)


def walk(book: RuleBook, spends: Iterable[Spend], grants: Sequence[Grant] = ()) -> TierPath:
    """The path of these purchases and given tiers, which must come in order of time."""
    path = TierPath(book, grants=grants)
    for spend in spends:
        path.take(spend)
    return path


def at_end_of(path: TierPath, day: date) -> TierPath:
    """The path after the last moment of a shop day, its reviews held."""
    path.close_day(day)
    return path
