"""Where an owner stands: tier, points, and the road to the next tier."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from club.models import Lot, TierCode, TierStanding
from club.rules_in_force import rule_book
from foundation import clock
from members.models import MemberFacts


@dataclass(frozen=True, slots=True)
class Standing:
    """An owner's place on the road. Amounts in fen; `missing_fen` is what the next tier still
    wants, None at the top. `pending` points are in the balance and cannot be used yet; `expiring`
    points end by `expiring_by` unless they are used."""

    tier: TierCode
    since: date | None
    kept_until: date | None
    points: int
    pending: int
    spend_fen: int
    milestones: tuple[tuple[str, int], ...]
    next_tier: TierCode | None
    missing_fen: int | None
    expiring: int
    expiring_by: date

    @property
    def usable(self) -> int:
        """The points that can be spent today."""
        return self.points - self.pending


def standing_of(db: Session, owner_id: int, *, today: date) -> Standing:
    """The owner's standing today; an owner without facts stands at the beginning."""
    facts = db.get(MemberFacts, owner_id)
    held = db.get(TierStanding, owner_id)
    tier = TierCode(facts.tier) if facts else TierCode.GENERAL
    spend = facts.spend_fen if facts else 0
    milestones = thresholds(db, today=today)
    ahead = next((one for one in milestones if TierCode(one[0]).rank > tier.rank), None)
    by = clock.add_months(today, 2)
    return Standing(
        tier=tier,
        since=held.since if held else None,
        kept_until=held.kept_until if held else None,
        points=facts.points if facts else 0,
        pending=_sum(db, owner_id, Lot.usable_on > today),
        spend_fen=spend,
        milestones=milestones,
        next_tier=TierCode(ahead[0]) if ahead else None,
        missing_fen=max(ahead[1] - spend, 0) if ahead else None,
        expiring=_sum(db, owner_id, Lot.expires_on <= by),
        expiring_by=by,
    )


def thresholds(db: Session, *, today: date) -> tuple[tuple[str, int], ...]:
    """The tiers of the rules in force with their amounts in fen, from the lowest.

    Under notice of coming rules the lower amount, where both look at as many months.
    """
    rules = rule_book(db).on(today)
    judges = [one for one in rules.both if one.window_months == rules.window_months]
    return tuple(
        (row.tier.value, min(one.tiers[place].threshold_fen for one in judges))
        for place, row in enumerate(rules.tiers)
    )


def _sum(db: Session, owner_id: int, which: ColumnElement[bool]) -> int:
    """The points that are left in some of an owner's lots."""
    total = db.scalar(
        select(func.sum(Lot.rest)).where(Lot.owner_id == owner_id, Lot.rest > 0, which)
    )
    return int(total or 0)
