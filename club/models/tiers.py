"""Tiers, the rules in force from a day on, and who stands where."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Number


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
