"""Orders priced at the till: what each line comes to, and how it was used."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.tiers import TierCode
from foundation.database import Base, Id, Number
from members.models import Owner


class QuoteState(enum.StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    UNDONE = "undone"


_APPLIED = text("state = 'applied'")


class TillQuote(Base):
    """An order as priced: list price, discount, vouchers, points, and what is left to pay.

    `lines` hold every step of each line as it was then. `order_no` ties it to the order that a
    file of `order_system` brings, which is empty while nobody knows it; one order is settled by
    one quote.
    """

    __tablename__ = "till_quote"
    __table_args__ = (
        UniqueConstraint("request_id"),
        Index("ix_till_quote_owner", "owner_id", "id"),
        Index("ix_till_quote_account", "account_id", "id"),
        Index(
            "ix_till_quote_applied",
            "applied_at",
            "state",
            "points_fen",
            "discount_fen",
            "owner_id",
        ),
        Index(
            "uq_till_quote_order",
            "order_no",
            "order_system",
            unique=True,
            sqlite_where=_APPLIED,
            postgresql_where=_APPLIED,
        ),
        CheckConstraint("pay_fen >= 0 AND points >= 0", name="amounts"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    request_id: Mapped[str]
    state: Mapped[QuoteState] = mapped_column(default=QuoteState.OPEN)
    order_no: Mapped[str | None]
    order_system: Mapped[str] = mapped_column(default="", server_default=text("''"))
    tier: Mapped[TierCode]
    lines: Mapped[list[Any]] = mapped_column(default=list)
    vouchers: Mapped[list[Any]] = mapped_column(default=list)
    list_fen: Mapped[int] = mapped_column(Number)
    discount_fen: Mapped[int] = mapped_column(Number)
    voucher_fen: Mapped[int] = mapped_column(Number)
    points: Mapped[int]
    points_fen: Mapped[int] = mapped_column(Number)
    pay_fen: Mapped[int] = mapped_column(Number)
    priced_on: Mapped[date]
    priced_at: Mapped[datetime]
    account_id: Mapped[int | None]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None]
    valid_until: Mapped[date | None]
    read_at: Mapped[datetime | None]

    owner: Mapped[Owner] = relationship()
