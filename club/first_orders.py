"""Orders that an owner paid for and that were not given back, as the ledger sees them."""

from typing import Any

from sqlalchemy import ColumnElement, Exists, SQLColumnExpression, exists

from club.models import Earning
from members.models import OrderLine, ServiceOrder


def still_paid(order_id: SQLColumnExpression[Any]) -> Exists:
    """That something of the order is paid by its owner and has not come back.

    What insurance, warranty or points paid has no earning, and every refund, linked to its line
    or not, lowers what is left of one (R5, R7).
    """
    return (
        exists()
        .where(OrderLine.order_id == order_id, Earning.order_line_id == OrderLine.id)
        .where(Earning.left_out.is_(None), Earning.fen_left > 0)
    )


def paid_by(owner_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """That an order is this owner's and still paid."""
    return (ServiceOrder.owner_id == owner_id) & still_paid(ServiceOrder.id)
