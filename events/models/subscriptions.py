"""Calendars that members subscribe to."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from members.models import Account


class CalendarSubscription(Base):
    """The secret address at which a member's phone reads their registrations.

    It belongs to the login, so it ends with it. The secret is sealed, and found by its blind index.
    """

    __tablename__ = "calendar_subscription"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    secret_sealed: Mapped[str]
    secret_index: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
