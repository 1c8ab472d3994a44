"""Businesses near by: what they give members, who of them checks cards, and what was used."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.tiers import TierCode
from foundation.database import Base, Id, Number
from members.models import Account


class MapSystem(enum.StrEnum):
    """What a pair of coordinates is measured in: Chinese maps draw GCJ-02, satellites WGS-84."""

    GCJ02 = "gcj02"
    WGS84 = "wgs84"


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
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    map_system: Mapped[MapSystem] = mapped_column(default=MapSystem.GCJ02)
    active: Mapped[bool] = mapped_column(default=True)

    offers: Mapped[list["PartnerOffer"]] = relationship(back_populates="partner")
    clerks: Mapped[list["PartnerClerk"]] = relationship(back_populates="partner")


class PartnerOffer(Base):
    """What a partner gives, from which tier on, in which period, how often.

    `places` is for everybody together, `per_member` for each; `taken` is the guarded counter.
    `pays_fen` is what the shop pays the partner for each use.
    """

    __tablename__ = "partner_offer"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

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
    places: Mapped[int | None]
    per_member: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    pays_fen: Mapped[int] = mapped_column(Number, default=0)

    partner: Mapped[Partner] = relationship(back_populates="offers")


class PartnerClerk(Base):
    """An account that checks cards for one partner, and for no other."""

    __tablename__ = "partner_clerk"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)

    account: Mapped[Account] = relationship()
    partner: Mapped[Partner] = relationship(back_populates="clerks")


class OfferUse(Base):
    """One use of an offer, confirmed by the partner; sent twice with one request id it is one."""

    __tablename__ = "offer_use"
    __table_args__ = (
        UniqueConstraint("offer_id", "request_id"),
        Index("ix_offer_use_owner", "owner_id", "offer_id"),
        Index("ix_offer_use_day", "partner_id", "used_on", "id"),
        Index("ix_offer_use_period", "used_on", "pays_fen", "undone_at"),
    )

    id: Mapped[Id]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("partner_offer.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    request_id: Mapped[str]
    tier: Mapped[TierCode]
    used_on: Mapped[date]
    used_at: Mapped[datetime]
    account_id: Mapped[int | None]
    pays_fen: Mapped[int] = mapped_column(Number, default=0)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str | None]

    offer: Mapped[PartnerOffer] = relationship()


class CardCode(Base):
    """The short code that a member's card shows just now, for whoever cannot scan."""

    __tablename__ = "card_code"

    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
