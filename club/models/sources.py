"""Where members come from: sources with a link of their own, their visits, and who came by them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_


class SourceKind(Labelled):
    """The ways in which people hear of the club (domain, section 10)."""

    PHONE = "phone", N_("Phone or text message")
    CARDS = "cards", N_("Cards handed out")
    WALK_IN = "walk-in", N_("Walk-in")
    REFERRAL = "referral", N_("Referral")
    ESTATE = "estate", N_("Housing estate")
    NEIGHBOUR = "neighbour", N_("Neighbouring trade")
    PARTNER = "partner", N_("Partner business")
    WECHAT = "wechat", N_("WeChat QR code")
    GROUP_BUY = "group-buy", N_("Group-buy or shop platform")


class JoinSource(Base):
    """One source: a name for staff and a code that its link and its QR code carry."""

    __tablename__ = "join_source"

    id: Mapped[Id]
    kind: Mapped[SourceKind]
    name: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]


class SourceDay(Base):
    """How often a source's link was followed on one shop day."""

    __tablename__ = "source_day"
    __table_args__ = (
        UniqueConstraint("source_id", "on"),
        CheckConstraint("visits >= 0", name="visits"),
    )

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("join_source.id"))
    on: Mapped[date]
    visits: Mapped[int] = mapped_column(default=0)


class Arrival(Base):
    """By which source an owner joined: once, and the first one stays."""

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("owner_id"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("join_source.id"), index=True)
    on: Mapped[date] = mapped_column(index=True)

    source: Mapped[JoinSource] = relationship()
