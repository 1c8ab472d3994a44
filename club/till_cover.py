"""An order that a file brought before the till noted something on it, or undid it (R7)."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from club import earning, purses, till_orders
from club.till_orders import Noted
from members.models import ServiceOrder


def hold(db: Session, noted: Noted) -> None:
    """Lock whose points it is about, so that a file that brings the order waits or came first."""
    purses.hold(db, [noted.owner_id])
    order = till_orders.meant(db, noted) if noted.number else None
    if order is not None and order.owner_id != noted.owner_id:
        purses.hold(db, [order.owner_id])


def settle_again(db: Session, noted: Noted, *, today: date, now: datetime) -> ServiceOrder | None:
    """Correct what the lines of the order earned; None where no file brought it yet."""
    db.flush()
    order = till_orders.meant(db, noted) if noted.number else None
    if order is None:
        return None
    earning.settle(db, till_orders.lines_of(db, [order]), until=today, today=today, now=now)
    return order
