"""Where members stand and how they moved: from the tier held before a period to the one after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, case, func, or_, select
from sqlalchemy.orm import Session

from club.models import TierChange, TierCode
from foundation.periods import DAY, Period, month_key
from members.models import Membership


@dataclass(frozen=True, slots=True)
class Move:
    """So many members who held `before` when the period began and hold `after` at its end;
    `joined` are those who joined in it."""

    before: TierCode
    after: TierCode
    joined: bool
    members: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All members at the end of a period, by where they came from."""

    rows: Sequence[Move]

    def standing(self, tier: TierCode, *, at_end: bool) -> int:
        """How many hold the tier at the end, or held it before and are still members."""
        if at_end:
            return sum(row.members for row in self.rows if row.after is tier)
        return sum(row.members for row in self.rows if row.before is tier and not row.joined)

    def kept(self, tier: TierCode) -> int:
        """How many were members before and hold the same tier as then."""
        return sum(
            row.members
            for row in self.rows
            if row.before is tier and row.after is tier and not row.joined
        )


def moves(db: Session, period: Period) -> Moves:
    """The members of the period's last day, each at its beginning and at its end."""
    before = func.coalesce(_tier_at(period.first - DAY), TierCode.GENERAL.value)
    after = func.coalesce(_tier_at(period.last), TierCode.GENERAL.value)
    joined = case((Membership.joined_on >= period.first, 1), else_=0)
    each = (
        select(before.label("before"), after.label("after"), joined.label("joined"))
        .where(
            Membership.joined_on <= period.last,
            or_(Membership.left_on.is_(None), Membership.left_on > period.last),
        )
        .cte("each_member")
        .prefix_with("MATERIALIZED")  # else SQLite looks each tier up twice
    )
    columns = (each.c.before, each.c.after, each.c.joined)
    rows = db.execute(select(*columns, func.count()).group_by(*columns))
    return Moves(
        [Move(TierCode(was), TierCode(now), bool(new), count) for was, now, new, count in rows]
    )


def changes(db: Session, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Per month how many rises and how many falls members had."""
    rows = db.execute(
        select(TierChange.changed_on, TierChange.before, TierChange.after, func.count())
        .join(Membership, Membership.owner_id == TierChange.owner_id)
        .where(TierChange.changed_on.between(first, last))
        .group_by(TierChange.changed_on, TierChange.before, TierChange.after)
    )
    found: dict[str, tuple[int, int]] = {}
    for day, was, now, count in rows:
        rises, falls = found.get(month_key(day), (0, 0))
        if now.rank > was.rank:
            rises += count
        else:
            falls += count
        found[month_key(day)] = rises, falls
    return found


def _tier_at(day: date) -> ScalarSelect[TierCode]:
    """The tier that an owner's last change by the end of a day led to."""
    return (
        select(TierChange.after)
        .where(TierChange.owner_id == Membership.owner_id, TierChange.changed_on <= day)
        .order_by(TierChange.changed_on.desc(), TierChange.id.desc())
        .limit(1)
        .correlate(Membership)
        .scalar_subquery()
    )
