"""The tables of this room: ledger and lots, rule versions, tiers, benefits, partners."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Number
from members.models import OrderKind


class TierCode(enum.StrEnum):
    """From the lowest to the highest; the order of declaration is the order of rank."""

    GENERAL = "general"
    SILVER = "silver"
    GOLD = "gold"
    DIAMOND = "diamond"

    @property
    def rank(self) -> int:
        return list(TierCode).index(self)


class Tier(Base):
    """A tier's names and what it says of itself."""

    __tablename__ = "tier"

    code: Mapped[TierCode] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    early_hours: Mapped[int] = mapped_column(default=0)
    reserved_places: Mapped[int] = mapped_column(default=0)


class RuleVersion(Base):
    """The rules in force from a day on. A published version is never edited (R11)."""

    __tablename__ = "rule_version"

    id: Mapped[Id]
    name: Mapped[str]
    starts_on: Mapped[date] = mapped_column(index=True)
    published_at: Mapped[datetime | None]
    account_id: Mapped[int | None]
    window_months: Mapped[int] = mapped_column(default=12)
    keep_months: Mapped[int] = mapped_column(default=12)
    points_live_months: Mapped[int] = mapped_column(default=24)

    tiers: Mapped[list["RuleTier"]] = relationship(
        back_populates="version", order_by="RuleTier.threshold_fen"
    )


class RuleTier(Base):
    """A tier's threshold (fen in the window, inclusive, R9) and multiplier (hundredths)."""

    __tablename__ = "rule_tier"
    __table_args__ = (UniqueConstraint("version_id", "tier"),)

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_version.id"))
    tier: Mapped[TierCode]
    threshold_fen: Mapped[int] = mapped_column(Number)
    multiplier: Mapped[int]

    version: Mapped[RuleVersion] = relationship(back_populates="tiers")


class EntryKind(enum.StrEnum):
    EARN = "earn"
    BONUS = "bonus"
    REFUND = "refund"
    SPEND = "spend"
    UNDO = "undo"
    EXPIRE = "expire"
    ADJUST = "adjust"


class LedgerEntry(Base):
    """One movement of points. Append-only; the same cause twice is one entry."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("kind", "cause_kind", "cause_id", "owner_id"),
        Index("ix_ledger_entry_owner", "owner_id", "effective_on", "id"),
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


class Lot(Base):
    """Points that an entry brought and what is left of them; a debt has a negative rest."""

    __tablename__ = "lot"
    __table_args__ = (
        Index("ix_lot_owner", "owner_id", "expires_on", "id"),
        Index("ix_lot_expiry", "expires_on", "id"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    points: Mapped[int]
    rest: Mapped[int]
    expires_on: Mapped[date | None]

    entry: Mapped[LedgerEntry] = relationship()


class Allocation(Base):
    """How much of which lot an entry took (negative) or gave back (positive) (R2)."""

    __tablename__ = "allocation"

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    points: Mapped[int]


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


class TierStanding(Base):
    """The tier an owner holds, since when, and until when it is kept."""

    __tablename__ = "tier_standing"

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    tier: Mapped[TierCode]
    since: Mapped[date]
    kept_until: Mapped[date | None] = mapped_column(index=True)


class TierChange(Base):
    """One step up or down and its arithmetic, so that it can be explained."""

    __tablename__ = "tier_change"
    __table_args__ = (Index("ix_tier_change_owner", "owner_id", "changed_on", "id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    before: Mapped[TierCode]
    after: Mapped[TierCode]
    changed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    reason: Mapped[str]
    spend_fen: Mapped[int] = mapped_column(Number)
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))


class Benefit(Base):
    """A yearly entitlement, with how often each tier has it."""

    __tablename__ = "benefit"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]
    icon: Mapped[str] = mapped_column(default="gift")
    position: Mapped[int]


class TierBenefit(Base):
    """How often a year a tier has a benefit; no number means as often as wanted."""

    __tablename__ = "tier_benefit"
    __table_args__ = (UniqueConstraint("tier", "benefit_id"),)

    id: Mapped[Id]
    tier: Mapped[TierCode]
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    yearly: Mapped[int | None]

    benefit: Mapped[Benefit] = relationship()


class BenefitUse(Base):
    """One use of a yearly entitlement, noted at the desk."""

    __tablename__ = "benefit_use"
    __table_args__ = (Index("ix_benefit_use_owner", "owner_id", "benefit_id", "used_on"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    benefit_id: Mapped[int] = mapped_column(ForeignKey("benefit.id"))
    used_on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None]
    undone_at: Mapped[datetime | None]


class ServiceDiscount(Base):
    """A tier's discount on a kind of work, in percent of the price that is taken off."""

    __tablename__ = "service_discount"
    __table_args__ = (UniqueConstraint("tier", "kind"),)

    id: Mapped[Id]
    tier: Mapped[TierCode]
    kind: Mapped[OrderKind]
    percent: Mapped[int]


class Partner(Base):
    """A business near by that gives members something."""

    __tablename__ = "partner"

    id: Mapped[Id]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    trade: Mapped[str]
    address_zh: Mapped[str] = mapped_column(default="")
    address_en: Mapped[str | None]
    phone: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)

    offers: Mapped[list["PartnerOffer"]] = relationship(back_populates="partner")


class PartnerOffer(Base):
    """What a partner gives, from which tier on, and in which period."""

    __tablename__ = "partner_offer"

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]
    tier: Mapped[TierCode] = mapped_column(default=TierCode.GENERAL)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    partner: Mapped[Partner] = relationship(back_populates="offers")
