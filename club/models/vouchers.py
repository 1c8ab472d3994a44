"""Vouchers: kinds, single vouchers with their uses, and how they changed hands."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_
from members.models import OrderKind, Owner


class Shape(Labelled):
    """What a voucher takes off."""

    AMOUNT = "amount", N_("An amount")
    PERCENT = "percent", N_("A percentage")
    ITEM = "item", N_("A free item")
    UNIT = "unit", N_("An amount per unit")


class KindState(enum.StrEnum):
    """Only a draft is edited; a stopped kind gives no new vouchers, and those given stay good."""

    DRAFT = "draft"
    LIVE = "live"
    STOPPED = "stopped"


class VoucherState(enum.StrEnum):
    """Whether a voucher may be used at all; used up is `used` = `uses`."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Source(Labelled):
    """Where a voucher came from; with the cause's id it makes an issue happen once."""

    DESK = "desk", N_("from the desk")
    SEGMENT = "segment", N_("for a group of members")
    POINTS = "points", N_("for points")
    RULE = "rule", N_("by a rule")
    EVENT = "event", N_("for coming to an event")
    OPENING = "opening", N_("from your earlier card")


class VoucherKind(Base):
    """The terms of a kind of voucher. `fen` is off the bill, off each unit, or an item's worth.

    `order_kinds` empty means any work. `days` count from the day of issue, that day included not.
    `stock` None means as many as wanted; `issued` counts against it.
    """

    __tablename__ = "voucher_kind"
    __table_args__ = (
        CheckConstraint("stock IS NULL OR issued <= stock", name="stock"),
        CheckConstraint("issued >= 0 AND uses > 0", name="counts"),
    )

    id: Mapped[Id]
    state: Mapped[KindState] = mapped_column(default=KindState.DRAFT)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]
    shape: Mapped[Shape]
    fen: Mapped[int] = mapped_column(Number, default=0)
    percent: Mapped[int] = mapped_column(default=0)
    most_fen: Mapped[int | None] = mapped_column(Number)
    most_units: Mapped[int | None]
    minimum_fen: Mapped[int] = mapped_column(Number, default=0)
    order_kinds: Mapped[list[str]] = mapped_column(default=list)
    uses: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    days: Mapped[int | None]
    next_visit: Mapped[bool] = mapped_column(default=False)
    transferable: Mapped[bool] = mapped_column(default=False)
    stock: Mapped[int | None]
    issued: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]


class Voucher(Base):
    """One voucher in somebody's hands. `code` changes with the hands, so that an old one is dead.

    `order_id` is the order that brought it, on which it cannot be used (R15).
    """

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("kind_id", "source", "cause_id"),
        CheckConstraint("used >= 0 AND used <= uses", name="used"),
        Index("ix_voucher_owner", "owner_id", "state", "until_on", "id"),
        Index("ix_voucher_expiry", "state", "until_on", "id"),
        Index("ix_voucher_kind", "kind_id", "id"),
        Index("ix_voucher_issued", "issued_on", "kind_id"),
    )

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(ForeignKey("voucher_kind.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[VoucherState] = mapped_column(default=VoucherState.ACTIVE)
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    source: Mapped[Source]
    cause_id: Mapped[str]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    account_id: Mapped[int | None]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("voucher_rule.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("service_order.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"))
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]

    kind: Mapped[VoucherKind] = relationship()
    owner: Mapped[Owner] = relationship()
    redemptions: Mapped[list["VoucherUse"]] = relationship(
        back_populates="voucher", order_by="VoucherUse.id"
    )

    @property
    def left(self) -> int:
        """How often it can still be used, dates aside."""
        return self.uses - self.used if self.state is VoucherState.ACTIVE else 0


class VoucherUse(Base):
    """One redemption; sent twice with one request id it is one. `fen` is what it took off.

    `order_no` is the order's number in `order_system`, which is empty while nobody knows it;
    `bill_fen` and `work` are what the bill came to before and for which work, where that was
    typed. What a quote used belongs to `quote_id`.
    """

    __tablename__ = "voucher_use"
    __table_args__ = (
        UniqueConstraint("voucher_id", "request_id"),
        Index("ix_voucher_use_account", "account_id", "id"),
        Index("ix_voucher_use_day", "used_on", "voucher_id", "fen", "undone_at"),
        Index("ix_voucher_use_order", "order_no"),
    )

    id: Mapped[Id]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"))
    request_id: Mapped[str]
    used_on: Mapped[date]
    used_at: Mapped[datetime]
    account_id: Mapped[int | None]
    order_no: Mapped[str | None]
    order_system: Mapped[str] = mapped_column(default="", server_default=text("''"))
    bill_fen: Mapped[int | None] = mapped_column(Number)
    work: Mapped[OrderKind | None]
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("till_quote.id"))
    fen: Mapped[int] = mapped_column(Number, default=0)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str | None]

    voucher: Mapped[Voucher] = relationship(back_populates="redemptions")


class VoucherTransfer(Base):
    """A voucher that one member gave to another."""

    __tablename__ = "voucher_transfer"

    id: Mapped[Id]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("voucher.id"), index=True)
    from_owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    to_owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    at: Mapped[datetime]
    account_id: Mapped[int | None]
