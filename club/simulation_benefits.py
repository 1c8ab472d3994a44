"""What the yearly benefits of all members come to in a trial, were every one of them used."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.models import Benefit, TierBenefit, TierCode
from club.simulation_tally import Tally
from club.worth import BENEFIT_COST
from foundation import tunables
from members.models import Membership


def yearly(db: Session, tally: Tally, *, in_fen: bool = False) -> dict[str, int]:
    """How many uses, or what they cost, under the rules as they are and under the draft.

    As often as wanted counts for nothing; who has no orders yet has what the lowest tier has. A
    benefit without a cost of its own costs the average of the settings.
    """
    average = tunables.value(db, BENEFIT_COST) * 100
    each = TierBenefit.yearly * func.coalesce(Benefit.cost_fen, average)
    query = (
        select(TierBenefit.tier, func.sum(each if in_fen else TierBenefit.yearly))
        .join(TierBenefit.benefit)
        .group_by(TierBenefit.tier)
    )
    by_tier = {tier.value: int(total or 0) for tier, total in db.execute(query)}
    members = select(func.count()).select_from(Membership).where(Membership.left_on.is_(None))
    others = (db.scalar(members) or 0) - tally.members
    fixed = others * by_tier.get(TierCode.GENERAL.value, 0)
    return {
        name: fixed + sum(n * by_tier.get(tier, 0) for tier, n in side.member_tiers.items())
        for name, side in (("now", tally.now), ("draft", tally.draft))
    }
