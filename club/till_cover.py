"""An order that a file brought before the till noted something on it, or undid it (R7)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from club import earning, purses, till_orders
from club.models import Earning
from club.till_covered import covered
from club.till_orders import Noted
from members.models import OrderLine, ServiceOrder


def hold(db: Session, noted: Noted) -> None:
    """Lock whose points it is about, so that a file that brings the order waits or came first."""
    purses.hold(db, [noted.owner_id])
    order = till_orders.meant(db, noted) if noted.number else None
    if order is not None and order.owner_id != noted.owner_id:
        purses.hold(db, [order.owner_id])


def settle_again(db: Session, noted: Noted, *, today: date, now: datetime) -> ServiceOrder | None:
    """Correct what the lines of the order earned, if they earned on other fen; None where no file
    brought it yet."""
    db.flush()
    order = till_orders.meant(db, noted) if noted.number else None
    if order is None:
        return None
    covers = covered(db, order.lines)
    moved = [line for line in order.lines if _is_moved(db, line, covers)]
    if moved:
        earning.settle(db, moved, until=today, today=today, now=now)
    return order


def _is_moved(db: Session, line: OrderLine, covers: Mapping[int, int]) -> bool:
    earned = db.get(Earning, line.id, populate_existing=True)
    return earned is not None and line.fen > 0 and earned.fen != line.fen - covers.get(line.id, 0)
