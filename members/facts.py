"""The facts row of an owner: made when first needed, filled by each room."""

from collections.abc import Collection

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from members.models import MemberFacts, OrderLine, ServiceOrder, is_visit


def facts_of(db: Session, owner_id: int) -> MemberFacts:
    """The owner's facts row; a new one begins with nothing seen and tier general."""
    found = db.get(MemberFacts, owner_id)
    if found is None:
        found = MemberFacts(owner_id=owner_id)
        db.add(found)
        db.flush()
    return found


def rows_of(db: Session, owner_ids: Collection[int]) -> dict[int, MemberFacts]:
    """The facts rows of many owners; missing ones are made."""
    found = db.scalars(select(MemberFacts).where(MemberFacts.owner_id.in_(owner_ids)))
    rows = {row.owner_id: row for row in found}
    for owner_id in owner_ids:
        if owner_id not in rows:
            rows[owner_id] = MemberFacts(owner_id=owner_id)
            db.add(rows[owner_id])
    db.flush()
    return rows


def count_orders(db: Session, owner_ids: Collection[int]) -> None:
    """Keep what the workshop saw of these owners: orders, the last day, net spend.

    Counted from the orders each time, so that it cannot drift from them.
    """
    counted = db.execute(
        select(
            ServiceOrder.owner_id,
            func.count(func.distinct(case((is_visit(), ServiceOrder.id)))),
            func.max(case((is_visit(), ServiceOrder.serviced_on))),
            func.coalesce(func.sum(OrderLine.fen), 0),
        )
        .outerjoin(OrderLine, OrderLine.order_id == ServiceOrder.id)
        .where(ServiceOrder.owner_id.in_(owner_ids))
        .group_by(ServiceOrder.owner_id)
    ).all()
    found = {owner_id: (orders, last, int(fen)) for owner_id, orders, last, fen in counted}
    for owner_id, row in rows_of(db, owner_ids).items():
        row.orders, row.last_visit_on, row.net_spend_fen = found.get(owner_id, (0, None, 0))
    db.flush()
