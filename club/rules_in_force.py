"""Which rules hold on a day: thresholds, multipliers, windows (R11)."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from club.models import RuleVersion, TierCode
from foundation import clock

FIRST_DAY = date(2000, 1, 1)
DEFAULT_TIERS = (
    (TierCode.GENERAL, 0, 100),
    (TierCode.SILVER, 300_000, 120),
    (TierCode.GOLD, 800_000, 150),
    (TierCode.DIAMOND, 2_000_000, 200),
)
"""Tier, threshold in fen of the window, multiplier in hundredths (domain, section 3)."""


@dataclass(frozen=True, slots=True)
class TierRule:
    """A tier's threshold in fen, inclusive (R9), and its multiplier in hundredths."""

    tier: TierCode
    threshold_fen: int
    multiplier: int


@dataclass(frozen=True, slots=True)
class Rules:
    """One version of the rules; `tiers` from the lowest to the highest."""

    version_id: int | None
    starts_on: date
    window_months: int
    keep_months: int
    points_live_months: int
    tiers: tuple[TierRule, ...]

    def tier_for(self, spend_fen: int) -> TierCode:
        """The highest tier that this spend in the window justifies."""
        return [rule for rule in self.tiers if rule.threshold_fen <= spend_fen][-1].tier

    def multiplier(self, tier: TierCode) -> int:
        """Hundredths of a point per yuan."""
        return next(rule.multiplier for rule in self.tiers if rule.tier == tier)

    def window_starts_after(self, day: date) -> date:
        """The last day outside the window (D − n months, D] that ends on `day`."""
        return clock.add_months(day, -self.window_months)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All published versions; a day before the first takes the first."""

    versions: tuple[Rules, ...]

    def on(self, day: date) -> Rules:
        """The rules of a service date."""
        at = bisect_right(self.versions, day, key=lambda rules: rules.starts_on)
        return self.versions[max(at - 1, 0)]


# Where no version is published yet.
DEFAULT = RuleBook(
    (Rules(None, FIRST_DAY, 12, 12, 24, tuple(TierRule(*row) for row in DEFAULT_TIERS)),)
)


def rule_book(db: Session) -> RuleBook:
    """The published versions by starting day, the later published of one day winning."""
    found = db.scalars(
        select(RuleVersion)
        .where(RuleVersion.published_at.is_not(None))
        .options(selectinload(RuleVersion.tiers))
        .order_by(RuleVersion.starts_on, RuleVersion.published_at, RuleVersion.id)
    )
    versions = tuple(_rules(version) for version in found)
    return RuleBook(versions) if versions else DEFAULT


def _rules(version: RuleVersion) -> Rules:
    tiers = sorted(version.tiers, key=lambda row: row.tier.rank)
    return Rules(
        version.id,
        version.starts_on,
        version.window_months,
        version.keep_months,
        version.points_live_months,
        tuple(TierRule(row.tier, row.threshold_fen, row.multiplier) for row in tiers),
    )
