"""What an event costs the shop, as staff note it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Number


class EventCost(Base):
    """Planned and actual cost of one event in fen; none where nobody has noted it."""

    __tablename__ = "event_cost"
    __table_args__ = (
        CheckConstraint("planned_fen >= 0", name="planned"),
        CheckConstraint("actual_fen >= 0", name="actual"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    planned_fen: Mapped[int | None] = mapped_column(Number)
    actual_fen: Mapped[int | None] = mapped_column(Number)
    note: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
