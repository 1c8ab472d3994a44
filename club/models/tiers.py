"""Tiers, and who stands where."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id, Number


class TierCode(enum.StrEnum):
    """From the lowest to the highest; the order of declaration is the order of rank."""

    GENERAL = "general"
    SILVER = "silver"
    GOLD = "gold"
    DIAMOND = "diamond"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {tier: rank for rank, tier in enumerate(TierCode)}


class Tier(Base):
    """A tier's names and what it says of itself."""

    __tablename__ = "tier"

    code: Mapped[TierCode] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    early_hours: Mapped[int] = mapped_column(default=0)
    reserved_places: Mapped[int] = mapped_column(default=0)


class TierStanding(Base):
    """The tier an owner holds, since when, and until when it is kept."""

    __tablename__ = "tier_standing"

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    tier: Mapped[TierCode]
    since: Mapped[date]
    kept_until: Mapped[date | None] = mapped_column(index=True)


class GrantWhy(enum.StrEnum):
    """Why somebody holds a tier without having spent for it."""

    OPENING = "opening-balance"
    DELIVERY = "delivery"


class TierGrant(Base):
    """A tier given from a day on and kept until another, whatever was spent; the spend may lead
    higher. One that was taken back has `ended_at` and counts as never given.
    """

    __tablename__ = "tier_grant"
    __table_args__ = (
        UniqueConstraint("why", "cause_id", "owner_id"),
        Index("ix_tier_grant_owner", "owner_id", "starts_on", "id"),
        CheckConstraint("kept_until >= starts_on", name="days"),
    )

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    tier: Mapped[TierCode]
    starts_on: Mapped[date]
    kept_until: Mapped[date]
    why: Mapped[GrantWhy]
    cause_id: Mapped[str]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]


class TierChange(Base):
    """One step up or down and its arithmetic, so that it can be explained."""

    __tablename__ = "tier_change"
    __table_args__ = (
        Index("ix_tier_change_owner", "owner_id", "changed_on", "id"),
        Index("ix_tier_change_day", "changed_on", "before", "after", "owner_id"),
    )

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
