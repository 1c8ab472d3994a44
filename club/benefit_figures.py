"""Yearly benefits as they were used: how often, by whom, and what they cost the shop."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.models import Benefit, BenefitUse, TierCode
from club.worth import BENEFIT_COST
from foundation import tunables
from foundation.periods import month_key


@dataclass(frozen=True, slots=True)
class BenefitSum:
    """A benefit in a period: uses by tier, and what one use costs."""

    benefit: Benefit
    by_tier: dict[TierCode, int]
    cost_fen: int

    @property
    def uses(self) -> int:
        return sum(self.by_tier.values())

    @property
    def fen(self) -> int:
        return self.uses * self.cost_fen


def used(db: Session, first: date, last: date) -> list[BenefitSum]:
    """Every benefit with its uses from `first` to `last`; what was undone does not count."""
    rows = db.execute(
        select(BenefitUse.benefit_id, BenefitUse.tier, func.count())
        .where(BenefitUse.used_on.between(first, last), BenefitUse.undone_at.is_(None))
        .group_by(BenefitUse.benefit_id, BenefitUse.tier)
    )
    counted: dict[int, dict[TierCode, int]] = defaultdict(dict)
    for benefit_id, tier, count in rows:
        counted[benefit_id][tier] = count
    average = tunables.value(db, BENEFIT_COST) * 100
    benefits = db.scalars(select(Benefit).order_by(Benefit.position)).all()
    return [
        BenefitSum(one, counted[one.id], average if one.cost_fen is None else one.cost_fen)
        for one in benefits
    ]


def used_by_month(db: Session, first: date, last: date) -> dict[str, int]:
    """How often benefits were used in each month."""
    rows = db.execute(
        select(BenefitUse.used_on, func.count())
        .where(BenefitUse.used_on.between(first, last), BenefitUse.undone_at.is_(None))
        .group_by(BenefitUse.used_on)
    )
    found: dict[str, int] = defaultdict(int)
    for day, count in rows:
        found[month_key(day)] += count
    return found
