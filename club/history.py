"""What owners spent, in the order in which it counts, as it stands now or as of an earlier day."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from club.models import Earning, EarningCut, TierGrant
from club.tier_path import Grant, Spend
from members.models import OrderLine, ServiceOrder

OwnerSpends = dict[int, list[Spend]]
OwnerGrants = dict[int, list[Grant]]
TURN = (ServiceOrder.external_id, ServiceOrder.source, OrderLine.line_no)
"""What orders the lines of an owner within a day: a number is that of the system that gave it."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a purchase stands in time: day, then external id and whose number it is, then line."""

    on: date
    external_id: str
    source: str
    line_no: int
    line_id: int


def earnings_query() -> Select[Earning, str, str, int]:
    """The earning lines with what orders them within a day."""
    return (
        select(Earning, *TURN)
        .join(OrderLine, OrderLine.id == Earning.order_line_id)
        .join(ServiceOrder, ServiceOrder.id == OrderLine.order_id)
    )


def spends_of(db: Session, owner_ids: Collection[int]) -> OwnerSpends:
    """Per owner what still stands of each purchase, in time."""
    rows = db.execute(
        _columns(Earning.fen_left).where(
            Earning.owner_id.in_(owner_ids), Earning.left_out.is_(None), Earning.fen_left > 0
        )
    ).all()
    found: OwnerSpends = {owner_id: [] for owner_id in owner_ids}
    for owner_id, spends in _ordered(rows):
        found[owner_id] = spends
    return found


def grants_of(db: Session, owner_ids: Collection[int] | None = None) -> OwnerGrants:
    """Per owner the tiers they were given, in time; of everybody where nobody is named."""
    query = select(TierGrant).where(TierGrant.ended_at.is_(None))
    if owner_ids is not None:
        query = query.where(TierGrant.owner_id.in_(owner_ids))
    found: OwnerGrants = defaultdict(list)
    for row in db.scalars(query.order_by(TierGrant.starts_on, TierGrant.id)):
        found[row.owner_id].append(Grant(row.starts_on, row.tier, row.kept_until, row.why.value))
    return found


def spends_as_of(db: Session, day: date) -> OwnerSpends:
    """Of every owner, what stood of each purchase at the end of a shop day."""
    cuts = (
        select(EarningCut.order_line_id, func.sum(EarningCut.fen).label("fen"))
        .where(EarningCut.effective_on <= day)
        .group_by(EarningCut.order_line_id)
        .subquery()
    )
    left = Earning.fen - func.coalesce(cuts.c.fen, 0)
    rows = db.execute(
        _columns(left)
        .outerjoin(cuts, cuts.c.order_line_id == Earning.order_line_id)
        .where(Earning.earned_on <= day, Earning.left_out.is_(None), left > 0)
    ).all()
    return dict(_ordered(rows))


def _columns(left: Any) -> Select[Any]:
    return (
        select(
            Earning.owner_id,
            Earning.earned_on,
            *TURN,
            OrderLine.id,
            left.label("left"),
        )
        .join(OrderLine, OrderLine.id == Earning.order_line_id)
        .join(ServiceOrder, ServiceOrder.id == OrderLine.order_id)
    )


def _ordered(rows: Any) -> Iterator[tuple[int, list[Spend]]]:
    """Ordered here and not by the database, so that every database orders the same."""
    grouped: dict[int, list[tuple[Place, int]]] = defaultdict(list)
    for owner_id, *place, left in rows:
        grouped[owner_id].append((Place(*place), int(left)))
    for owner_id, places in grouped.items():
        places.sort()
        yield owner_id, [Spend(place.on, fen, place.line_id) for place, fen in places]
