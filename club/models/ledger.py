"""The points ledger: entries, lots, and what each order line earns."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.rules import RuleCampaign
from foundation.database import Base, Id, Number
from foundation.words import InBoth
from members.models import OrderLine


class EntryKind(enum.StrEnum):
    """What moved points: `refund` takes back what an order earned, `take-back` a bonus; `undo`
    returns a spending; `release` moves none and lets pending ones be used; `opening` is an old
    balance.
    """

    EARN = "earn"
    BONUS = "bonus"
    REFUND = "refund"
    SPEND = "spend"
    UNDO = "undo"
    EXPIRE = "expire"
    ADJUST = "adjust"
    TAKE_BACK = "take-back"
    RELEASE = "release"
    OPENING = "opening"


class LedgerEntry(Base):
    """One movement of points. Append-only; the same cause twice is one entry."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("kind", "cause_kind", "cause_id", "owner_id"),
        Index("ix_ledger_entry_owner", "owner_id", "effective_on", "id"),
        Index("ix_ledger_entry_day", "effective_on", "kind", "cause_kind", "points"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    kind: Mapped[EntryKind]
    points: Mapped[int]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    cause_kind: Mapped[str]
    cause_id: Mapped[str]
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    account_id: Mapped[int | None]
    second_account_id: Mapped[int | None]
    reason: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def why(self) -> InBoth | str | None:
        """The reason as it is said: a name in both languages, else a sentence, marked or typed."""
        english = self.details.get("reason_en")
        return InBoth(self.reason, english) if self.reason and english else self.reason


_OPEN = text("rest <> 0")


class Lot(Base):
    """Points that an entry brought and what is left of them; a debt has a negative rest.

    Points with a day in `usable_on` are pending: held, but not to be spent before they are
    released on that day or later.
    """

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_owner", "owner_id", "expires_on", "id"),
        Index("ix_lot_expiry", "expires_on", "id"),
        Index("ix_lot_usable", "usable_on", "owner_id"),
        Index("ix_lot_open", "expires_on", "rest", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    points: Mapped[int]
    rest: Mapped[int]
    expires_on: Mapped[date | None]
    usable_on: Mapped[date | None]

    entry: Mapped[LedgerEntry] = relationship()


def is_open() -> ColumnElement[bool]:
    """The condition that a lot holds points or is a debt, in the words of the index of those."""
    return Lot.rest != literal_column("0")


class Allocation(Base):
    """How much of which lot an entry took (negative) or gave back (positive) (R2)."""

    __tablename__ = "allocation"

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    points: Mapped[int]

    entry: Mapped[LedgerEntry] = relationship()
    lot: Mapped[Lot] = relationship()


class Earning(Base):
    """What an order line earns: the fen still standing, its multiplier, the points they hold."""

    __tablename__ = "earning"
    __table_args__ = (
        Index("ix_earning_owner", "owner_id", "earned_on", "order_line_id"),
        CheckConstraint("fen_left >= 0 AND fen_left <= fen", name="fen_left"),
    )

    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    earned_on: Mapped[date]
    fen: Mapped[int] = mapped_column(Number)
    fen_left: Mapped[int] = mapped_column(Number)
    multiplier: Mapped[int]
    points: Mapped[int]
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    left_out: Mapped[str | None]
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("rule_campaign.id"))

    line: Mapped[OrderLine] = relationship()
    lot: Mapped[Lot | None] = relationship()
    campaign: Mapped[RuleCampaign | None] = relationship()

    @property
    def covered_fen(self) -> int:
        """What the till took off a line that came at its list price (R7)."""
        return max(self.line.fen - self.fen, 0) if self.left_out is None else 0


class EarningCut(Base):
    """How many fen a refund line took off an earning line, from which shop day on.

    `told_fen` is how many of the line's price the refund spoke of: more where a part of the price
    never earned.
    """

    __tablename__ = "earning_cut"
    __table_args__ = (
        UniqueConstraint("refund_line_id", "order_line_id"),
        CheckConstraint("fen >= 0 AND told_fen >= fen", name="fen"),
    )

    id: Mapped[Id]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("earning.order_line_id"), index=True)
    refund_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    fen: Mapped[int] = mapped_column(Number)
    told_fen: Mapped[int] = mapped_column(Number)
    points: Mapped[int]
    effective_on: Mapped[date]

    earning: Mapped[Earning] = relationship()
