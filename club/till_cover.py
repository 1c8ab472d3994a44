"""An order that a file brought before its quote was applied, or undone, is settled again (R7)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club import earning
from club.models import TillQuote
from members.models import OrderLine, ServiceOrder


def settle_again(db: Session, quote: TillQuote, *, today: date, now: datetime) -> None:
    """Correct what the order's lines earned; nothing where no file brought it yet."""
    if quote.order_no is None:
        return
    lines = db.scalars(
        select(OrderLine)
        .join(OrderLine.order)
        .where(ServiceOrder.external_id == quote.order_no, ServiceOrder.owner_id == quote.owner_id)
        .options(joinedload(OrderLine.order))
    ).all()
    if lines:
        db.flush()
        earning.settle(db, lines, until=today, today=today, now=now)
