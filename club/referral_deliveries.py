"""Which order is the delivery of a new car, and whether the car was given back."""

from datetime import date
from typing import Any

from sqlalchemy import Exists, SQLColumnExpression, exists, func, select
from sqlalchemy.orm import Session, aliased

from club.models import Referral
from members.models import OrderKind, OrderLine, ServiceOrder


def delivers(order_id: SQLColumnExpression[Any]) -> Exists:
    """That an order hands over a car that did not come back."""
    back = aliased(OrderLine)
    returned = select(func.coalesce(func.sum(back.fen), 0)).where(back.refund_of_id == OrderLine.id)
    came_back = exists().where(back.refund_of_id == OrderLine.id)
    kept = OrderLine.fen + returned.correlate(OrderLine).scalar_subquery() > 0
    return (
        exists()
        .where(OrderLine.order_id == order_id)
        .where(OrderLine.kind == OrderKind.DELIVERY, OrderLine.fen >= 0)
        .where(kept | ~came_back.correlate(OrderLine))
    )


def delivery_to(db: Session, referral: Referral, *, until: date) -> ServiceOrder | None:
    """The first delivery to who was brought, since they were; None where no file told of one."""
    if referral.referred_id is None:
        return None
    return db.scalar(
        select(ServiceOrder)
        .where(
            ServiceOrder.owner_id == referral.referred_id,
            ServiceOrder.serviced_on.between(referral.began_on, until),
            delivers(ServiceOrder.id),
        )
        .order_by(ServiceOrder.serviced_on, ServiceOrder.id)
        .limit(1)
    )
