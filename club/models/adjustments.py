"""Adjustments of points that wait for a second person, and what became of them."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.ledger import LedgerEntry
from foundation.database import Base, Id
from members.models import Account, Owner


class AdjustmentState(enum.StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class PointsAdjustment(Base):
    """Points that one person wants to add or take, with the reason; a large one needs another.

    With a cause they are a bonus for something done, else an adjustment.
    """

    __tablename__ = "points_adjustment"
    __table_args__ = (
        UniqueConstraint("request_id"),
        Index("ix_points_adjustment_state", "state", "id"),
        Index("ix_points_adjustment_owner", "owner_id", "id"),
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint(
            "decided_by_id IS NULL OR entry_id IS NULL OR decided_by_id <> asked_by_id",
            name="two_people",
        ),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    points: Mapped[int]
    reason: Mapped[str]
    request_id: Mapped[str]
    cause_kind: Mapped[str | None]
    cause_id: Mapped[str | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    state: Mapped[AdjustmentState] = mapped_column(default=AdjustmentState.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))

    owner: Mapped[Owner] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    entry: Mapped[LedgerEntry | None] = relationship()
