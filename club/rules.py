"""A rule set in numbers: what a line earns per yuan, and which tier a spend justifies.

A line's rate = base rate of its kind × multiplier of the tier × the highest campaign that fits,
multiplied first and then rounded up to whole hundredths; its points = floor(fen × rate / 10000),
the only floor. Why so: docs/decisions/0004-one-rate-per-line.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from club.models import BonusKind, TierCode
from foundation import clock

ONCE = 100
"""Hundredths of times one."""


@dataclass(frozen=True, slots=True)
class TierRule:
    """A tier's threshold in fen, inclusive (R9), and its multiplier in hundredths."""

    tier: TierCode
    threshold_fen: int
    multiplier: int


@dataclass(frozen=True, slots=True)
class Work:
    """What of an order line decides its rate: the kind of work and what drives the car."""

    kind: str | None = None
    energy: str | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """More points from one shop day to another, both included; an empty set limits nothing."""

    id: int | None
    name_zh: str
    name_en: str | None
    from_on: date
    until_on: date
    hundredths: int
    kinds: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    energies: frozenset[str] = frozenset()

    def fits(self, work: Work, tier: TierCode, on: date) -> bool:
        """Whether a line of this day, kind, tier and car takes part."""
        return (
            self.from_on <= on <= self.until_on
            and (not self.kinds or work.kind in self.kinds)
            and (not self.tiers or tier in self.tiers)
            and (not self.energies or work.energy in self.energies)
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """Hundredths of a point per yuan, by which version and with which campaign."""

    hundredths: int
    version_id: int | None
    campaign_id: int | None = None


def folded(base: int, multiplier: int, campaign: int = ONCE) -> int:
    """Base rate × tier × campaign as whole hundredths, rounded up: exact, and never less."""
    return -(-base * multiplier * campaign // (ONCE * ONCE))


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a day; `tiers` from the lowest to the highest.

    While members are under notice of coming rules, `judges` are the rules in force and the
    coming ones: each works out its own result, and the better one counts.
    """

    version_id: int | None
    starts_on: date
    window_months: int
    keep_months: int
    points_live_months: int
    tiers: tuple[TierRule, ...]
    base_rate: int = ONCE
    rates: Mapping[str, int] = field(default_factory=dict)
    bonuses: Mapping[str, int] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()
    notice_from: date | None = None
    judges: tuple["Rules", ...] = ()

    @property
    def both(self) -> tuple["Rules", ...]:
        """Whose results are compared: these rules alone, or with the coming ones."""
        return self.judges or (self,)

    def tier_for(self, spend_fen: int) -> TierCode:
        """The highest tier that this spend in the window justifies."""
        found = self.tiers[0]
        for rule in self.tiers:
            if rule.threshold_fen > spend_fen:
                break
            found = rule
        return found.tier

    def multiplier(self, tier: TierCode) -> int:
        """The tier's multiplier in hundredths."""
        return next(rule.multiplier for rule in self.tiers if rule.tier == tier)

    def base(self, kind: str | None) -> int:
        """Hundredths of a point per yuan of this kind of work, before tier and campaign."""
        return self.base_rate if kind is None else self.rates.get(kind, self.base_rate)

    def rate(self, work: Work, tier: TierCode, on: date) -> Rate:
        """What a line of this day earns per yuan."""
        return max((one._rate(work, tier, on) for one in self.both), key=lambda r: r.hundredths)

    def tier_rates(self, kind: str | None) -> Iterator[tuple[TierCode, int]]:
        """Hundredths of a point per yuan of this kind by tier, without any campaign."""
        return ((row.tier, folded(self.base(kind), row.multiplier)) for row in self.tiers)

    def bonus(self, kind: BonusKind) -> int:
        """Points for something done."""
        return max(one.bonuses.get(kind, 0) for one in self.both)

    def window_starts_after(self, day: date) -> date:
        """The last day outside the window (D − n months, D] that ends on `day`."""
        return clock.add_months(day, -self.window_months)

    def campaign_of(self, work: Work, tier: TierCode, on: date) -> Campaign | None:
        """The highest campaign that fits; campaigns are never multiplied with each other."""
        fitting = [one for one in self.campaigns if one.fits(work, tier, on)]
        return max(fitting, key=lambda one: one.hundredths, default=None)

    def _rate(self, work: Work, tier: TierCode, on: date) -> Rate:
        base, times = self.base(work.kind), self.multiplier(tier)
        found = self.campaign_of(work, tier, on) if self.campaigns else None
        if found is None:
            return Rate(folded(base, times), self.version_id)
        return Rate(folded(base, times, found.hundredths), self.version_id, found.id)
