"""Which rules hold on a day: thresholds, rates, multipliers, campaigns, bonuses (R11)."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from math import inf

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from club.models import BonusKind, RuleCampaign, RuleVersion, TierCode
from club.rules import Campaign, Rules, TierRule

FIRST_DAY = date(2000, 1, 1)
DEFAULT_TIERS = (
    (TierCode.GENERAL, 0, 100),
    (TierCode.SILVER, 300_000, 120),
    (TierCode.GOLD, 800_000, 150),
    (TierCode.DIAMOND, 2_000_000, 200),
)
"""Tier, threshold in fen of the window, multiplier in hundredths (domain, section 3)."""
DEFAULT_BONUSES = {
    BonusKind.ATTENDANCE.value: 50,
    BonusKind.SURVEY.value: 20,
    BonusKind.REFERRAL.value: 500,
    BonusKind.BIRTHDAY.value: 100,
}


class RuleBook:
    """All published versions; a day before the first takes the first.

    `turns` are the days on which other rules begin to count than the day before.
    """

    def __init__(self, versions: Sequence[Rules]) -> None:
        self.versions = tuple(versions)
        days = {rules.starts_on for rules in self.versions}
        days |= {rules.notice_from for rules in self.versions if rules.notice_from}
        self._days = sorted(days)
        self._spans = [_span(self.versions, day) for day in self._days]
        self.turns = tuple(self._days[1:])
        rows = [row for rules in self.versions for row in rules.tiers]
        self._least = {
            tier: min((row.threshold_fen for row in rows if row.tier.rank > tier.rank), default=inf)
            for tier in TierCode
        }

    def on(self, day: date) -> Rules:
        """The rules of a service date."""
        return self._spans[max(bisect_right(self._days, day) - 1, 0)]

    def least_above(self, tier: TierCode) -> float:
        """The fewest fen by which any version leads higher than a tier: with less in all that was
        ever bought, no window does."""
        return self._least[tier]

    def last_turn(self, day: date) -> date | None:
        """The newest day up to this one on which the rules changed."""
        at = bisect_right(self.turns, day)
        return self.turns[at - 1] if at else None

    def asks_energy(self) -> bool:
        """Whether any campaign looks at what drives the car."""
        return any(one.energies for rules in self.versions for one in rules.campaigns)

    def as_if(self, draft: Rules, since: date) -> "RuleBook":
        """The book as it would read had the draft been in force from a day on."""
        kept = [rules for rules in self.versions if rules.starts_on < since]
        return RuleBook([*kept, replace(draft, starts_on=since, notice_from=None)])


def _span(versions: Sequence[Rules], day: date) -> Rules:
    """The rules that count from a day on, together with those that members are told of."""
    in_force = [rules for rules in versions if rules.starts_on <= day][-1:] or [versions[0]]
    told = [one for one in versions if one.notice_from and one.notice_from <= day < one.starts_on]
    judges = (in_force[0], *(one for one in told if one is not in_force[0]))
    if len(judges) == 1:
        return in_force[0]
    return replace(
        in_force[0],
        keep_months=max(one.keep_months for one in judges),
        points_live_months=max(one.points_live_months for one in judges),
        judges=judges,
    )


# Where no version is published yet.
DEFAULT = RuleBook(
    [
        Rules(
            None,
            FIRST_DAY,
            12,
            12,
            24,
            tuple(TierRule(*row) for row in DEFAULT_TIERS),
            bonuses=DEFAULT_BONUSES,
        )
    ]
)


def rule_book(db: Session) -> RuleBook:
    """The published versions by starting day, the later published of one day winning."""
    found = db.scalars(
        select(RuleVersion)
        .where(RuleVersion.published_at.is_not(None))
        .options(selectinload(RuleVersion.tiers), selectinload(RuleVersion.campaigns))
        .order_by(RuleVersion.starts_on, RuleVersion.published_at, RuleVersion.id)
    )
    versions = tuple(rules_of(version) for version in found)
    return RuleBook(versions) if versions else DEFAULT


def rules_of(version: RuleVersion) -> Rules:
    """A stored version as rules; a draft without a day begins with the first."""
    tiers = sorted(version.tiers, key=lambda row: row.tier.rank)
    return Rules(
        version.id,
        version.starts_on or FIRST_DAY,
        version.window_months,
        version.keep_months,
        version.points_live_months,
        tuple(TierRule(row.tier, row.threshold_fen, row.multiplier) for row in tiers),
        version.base_rate,
        dict(version.rates),
        dict(version.bonuses),
        tuple(_campaign(row) for row in version.campaigns),
        version.notice_from,
    )


def _campaign(row: RuleCampaign) -> Campaign:
    limits: list[Collection[str]] = [row.kinds, row.tiers, row.energies]
    kinds, tiers, energies = map(frozenset, limits)
    days = (row.from_on, row.until_on)
    return Campaign(row.id, row.name_zh, row.name_en, *days, row.hundredths, kinds, tiers, energies)
