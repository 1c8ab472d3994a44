"""What was paid at the desk for coming to an event."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.registrations import Registration
from foundation.database import Base, Id


class FeePayment(Base):
    """Money taken at the desk for a registration; what was noted wrongly is struck out. The same
    request twice is one payment."""

    __tablename__ = "fee_payment"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"),)

    id: Mapped[Id]
    request_id: Mapped[str] = mapped_column(unique=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    amount_fen: Mapped[int]
    received_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    struck_at: Mapped[datetime | None]
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    registration: Mapped[Registration] = relationship()
