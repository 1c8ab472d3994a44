"""Prices agreed with companies, by kind of work and for some time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Number
from members.models import OrderKind, Owner


class AgreedPrice(Base):
    """What a company pays for a kind of work: a share of the list price, or a price per piece.

    It replaces tier discounts and vouchers on such lines and is never added to them. One that was
    ended early has `ended_at`; without `until_on` it holds until it is ended.
    """

    __tablename__ = "agreed_price"
    __table_args__ = (
        CheckConstraint(
            "(percent IS NULL) <> (fen IS NULL)",
            name="one_way",
        ),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),
        Index("ix_agreed_price_owner", "owner_id", "kind", "from_on"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    kind: Mapped[OrderKind]
    percent: Mapped[int | None]
    fen: Mapped[int | None] = mapped_column(Number)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    account_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]

    owner: Mapped[Owner] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether it counts on a day."""
        started = self.from_on <= day and self.ended_at is None
        return started and (self.until_on is None or day <= self.until_on)
