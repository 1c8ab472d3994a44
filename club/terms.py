"""Staff change what a tier brings: yearly counts and workshop discounts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import Benefit, ServiceDiscount, TierBenefit, TierCode
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import OrderKind

Counts = Mapping[tuple[int, TierCode], int | None]
Percents = Mapping[tuple[OrderKind, TierCode], int]
MOST_A_YEAR = 366
WHOLE = 100
MOST_COST_FEN = 10_000_000


class CountOutOfRange(Refusal):
    """A benefit is given at least once and at most every day."""


class CostOutOfRange(Refusal):
    """A benefit costs nothing or something."""


class PercentOutOfRange(Refusal):
    """A discount takes off something, and never more than all."""


def set_counts(db: Session, counts: Counts, *, by: int, now: datetime) -> int:
    """Store how often a year each tier has each benefit; how many cells changed.

    None is as often as wanted; a missing key takes the benefit from the tier. What members have
    used this year stays counted.
    """
    if any(count is not None and not 0 < count <= MOST_A_YEAR for count in counts.values()):
        raise CountOutOfRange(
            N_("A yearly count is a number from 1 to %(most)s."), most=MOST_A_YEAR
        )
    known = set(db.scalars(select(Benefit.id)))
    wanted = {key: count for key, count in counts.items() if key[0] in known}
    held = {(row.benefit_id, row.tier): row for row in db.scalars(select(TierBenefit))}
    changed = 0
    for key, row in held.items():
        if key not in wanted:
            db.delete(row)
            changed += 1
        elif row.yearly != wanted[key]:
            row.yearly = wanted[key]
            changed += 1
    for (benefit_id, tier), count in wanted.items():
        if (benefit_id, tier) not in held:
            db.add(TierBenefit(benefit_id=benefit_id, tier=tier, yearly=count))
            changed += 1
    if changed:
        audit.record(db, "benefits.change", "club", 0, by=by, now=now, cells=changed)
    db.flush()
    return changed


def set_costs(db: Session, costs: Mapping[int, int | None], *, by: int, now: datetime) -> int:
    """Store what one use of each benefit costs the shop, in fen; how many changed. None is unknown:
    then the average of the settings counts."""
    if any(fen is not None and not 0 <= fen <= MOST_COST_FEN for fen in costs.values()):
        raise CostOutOfRange(
            N_("What a benefit costs is from ¥0 to ¥%(most)s."), most=MOST_COST_FEN // 100
        )
    changed = 0
    for benefit in db.scalars(select(Benefit).where(Benefit.id.in_(costs))):
        if benefit.cost_fen != costs[benefit.id]:
            benefit.cost_fen = costs[benefit.id]
            changed += 1
    if changed:
        audit.record(db, "benefits.cost", "club", 0, by=by, now=now, cells=changed)
    db.flush()
    return changed


def set_percents(db: Session, percents: Percents, *, by: int, now: datetime) -> int:
    """Store the discount of each tier on each kind of work; how many cells changed. 0 is none."""
    if any(not 0 <= percent <= WHOLE for percent in percents.values()):
        raise PercentOutOfRange(N_("A discount is a whole number from 0 to 100 percent."))
    held = {(row.kind, row.tier): row for row in db.scalars(select(ServiceDiscount))}
    changed = 0
    for (kind, tier), percent in percents.items():
        row = held.get((kind, tier))
        if (row.percent if row else 0) == percent:
            continue
        changed += 1
        if row is None:
            db.add(ServiceDiscount(kind=kind, tier=tier, percent=percent))
        elif percent == 0:
            db.delete(row)
        else:
            row.percent = percent
    if changed:
        audit.record(db, "discounts.change", "club", 0, by=by, now=now, cells=changed)
    db.flush()
    return changed
