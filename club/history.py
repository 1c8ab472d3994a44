"""What owners spent, in the order in which it counts, as it stands now or as of an earlier day."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
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


def spends_as_of(db: Session, owner_ids: Collection[int], day: date) -> OwnerSpends:
    """Per owner what stood of each purchase at the end of a shop day, by their days alone: a day
    ends at the same tier however its purchases are ordered."""
    mine = (Earning.owner_id.in_(owner_ids), Earning.earned_on <= day, Earning.left_out.is_(None))
    plain = db.connection()  # rows without a session's care, for they are many
    cuts: dict[int, int] = {}
    for line_id, fen in plain.execute(
        select(EarningCut.order_line_id, EarningCut.fen)
        .join(Earning, Earning.order_line_id == EarningCut.order_line_id)
        .where(*mine, EarningCut.effective_on <= day)
    ):
        cuts[line_id] = cuts.get(line_id, 0) + fen
    rows = plain.execute(
        select(Earning.owner_id, Earning.earned_on, Earning.order_line_id, Earning.fen)
        .where(*mine)
        .order_by(Earning.owner_id, Earning.earned_on)
    )
    found: OwnerSpends = defaultdict(list)
    for owner_id, on, line_id, fen in rows:
        left = fen - cuts.get(line_id, 0)
        if left > 0:
            found[owner_id].append(Spend(on, left, line_id))
    return found


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
