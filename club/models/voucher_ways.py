"""Ways in which vouchers come to owners: rewards for points, rules on orders, rounds."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.tiers import TierCode
from club.models.vouchers import VoucherKind
from foundation.database import Base, Id


class Reward(Base):
    """What members buy with points: a voucher of a kind, from a tier on, so many to each."""

    __tablename__ = "reward"
    __table_args__ = (CheckConstraint("points > 0", name="points"),)

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(ForeignKey("voucher_kind.id"), unique=True)
    points: Mapped[int]
    tier: Mapped[TierCode] = mapped_column(default=TierCode.GENERAL)
    most_each: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    icon: Mapped[str] = mapped_column(default="gift")

    kind: Mapped[VoucherKind] = relationship()


class VoucherRule(Base):
    """So many units of these brands in one order bring vouchers: one for each unit, or one.

    `words` narrow the lines by their description; empty means any line of the brands.
    """

    __tablename__ = "voucher_rule"
    __table_args__ = (CheckConstraint("at_least > 0", name="at_least"),)

    id: Mapped[Id]
    name: Mapped[str]
    kind_id: Mapped[int] = mapped_column(ForeignKey("voucher_kind.id"))
    brands: Mapped[list[str]]
    words: Mapped[list[str]] = mapped_column(default=list)
    at_least: Mapped[int] = mapped_column(default=2)
    each_unit: Mapped[bool] = mapped_column(default=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]

    kind: Mapped[VoucherKind] = relationship()


class RoundState(enum.StrEnum):
    ISSUING = "issuing"
    DONE = "done"
    STOPPED = "stopped"


class VoucherRound(Base):
    """One issue to many: whom the rule chose, how far it got (`after` is the last owner's id)."""

    __tablename__ = "voucher_round"

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(ForeignKey("voucher_kind.id"))
    name: Mapped[str]
    chosen: Mapped[dict[str, Any]]
    request_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[RoundState] = mapped_column(default=RoundState.ISSUING, index=True)
    wanted: Mapped[int]
    given: Mapped[int] = mapped_column(default=0)
    after: Mapped[int] = mapped_column(default=0)
    why: Mapped[str | None]
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]

    kind: Mapped[VoucherKind] = relationship()
