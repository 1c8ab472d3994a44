"""What a tier brings: yearly entitlements and discounts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.tiers import TierCode
from foundation.database import Base, Id, Number
from members.models import OrderKind


class Benefit(Base):
    """A yearly entitlement, with how often each tier has it.

    `cost_fen` is what one use costs the shop; without it the average of the settings counts.
    """

    __tablename__ = "benefit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]
    icon: Mapped[str] = mapped_column(default="gift")
    position: Mapped[int]
    cost_fen: Mapped[int | None] = mapped_column(Number)


class TierBenefit(Base):
    """How often a year a tier has a benefit; no number means as often as wanted."""

    __tablename__ = "tier_benefit"
    __table_args__ = (UniqueConstraint("tier", "benefit_id"),)

    id: Mapped[Id]
    tier: Mapped[TierCode]
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    yearly: Mapped[int | None]

    benefit: Mapped[Benefit] = relationship()


class BenefitYear(Base):
    """How often an owner used a benefit in one of their membership years: the guarded counter."""

    __tablename__ = "benefit_year"
    __table_args__ = (
        UniqueConstraint("owner_id", "benefit_id", "starts_on"),
        CheckConstraint("used >= 0", name="used"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    starts_on: Mapped[date]
    used: Mapped[int] = mapped_column(default=0)


class BenefitUse(Base):
    """One use of a yearly entitlement, noted at the desk; undone with a reason it stays here.

    `starts_on` is the first day of the membership year it counts in, `tier` the one held then.
    """

    __tablename__ = "benefit_use"
    __table_args__ = (
        UniqueConstraint("owner_id", "request_id"),
        Index("ix_benefit_use_owner", "owner_id", "benefit_id", "used_on"),
        Index("ix_benefit_use_day", "used_on", "benefit_id", "tier", "undone_at"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    request_id: Mapped[str]
    starts_on: Mapped[date]
    tier: Mapped[TierCode]
    used_on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str | None]

    benefit: Mapped[Benefit] = relationship()


class ServiceDiscount(Base):
    """A tier's discount on a kind of work, in percent of the price that is taken off."""

    __tablename__ = "service_discount"
    __table_args__ = (UniqueConstraint("tier", "kind"),)

    id: Mapped[Id]
    tier: Mapped[TierCode]
    kind: Mapped[OrderKind]
    percent: Mapped[int]
