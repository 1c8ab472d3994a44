"""Events as they are planned: what, when, where, for whom, how many."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.places import EventSession, Quota
from events.models.questions import Question
from foundation.database import Base, Id
from foundation.shop import Shop


class EventState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Unit(enum.StrEnum):
    """What takes a place: each person, or each car."""

    PERSON = "person"
    CAR = "car"


class EventKind(Base):
    """A kind of event (domain, section 4) as a starting point for planning."""

    __tablename__ = "event_kind"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    cover: Mapped[str] = mapped_column(default="trip")
    unit: Mapped[Unit] = mapped_column(default=Unit.PERSON)
    starting: Mapped[dict[str, Any]] = mapped_column(default=dict)
    position: Mapped[int]


class Event(Base):
    """One event. `version` grows with each change; `uid` and `sequence` are the calendar's.

    `reserved` holds how many places are kept for which tier and those above it, until
    `reserved_until`; `asks_papers` names which papers must still run when the event ends. One
    that is `hidden` is there only for those who may come to it."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_programme", "state", "starts_at", "id"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("event_kind.id"))
    state: Mapped[EventState] = mapped_column(default=EventState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    summary_zh: Mapped[str] = mapped_column(default="")
    summary_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str | None] = mapped_column(Text)
    bring_zh: Mapped[str] = mapped_column(Text, default="")
    bring_en: Mapped[str | None] = mapped_column(Text)
    offer_zh: Mapped[str] = mapped_column(Text, default="")
    offer_en: Mapped[str | None] = mapped_column(Text)
    place_zh: Mapped[str]
    place_en: Mapped[str | None]
    address: Mapped[str] = mapped_column(default="")
    edition: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    unit: Mapped[Unit]
    one_per_car: Mapped[bool] = mapped_column(default=False)
    party_limit: Mapped[int] = mapped_column(default=4)
    register_from: Mapped[datetime | None]
    register_until: Mapped[datetime | None]
    change_until: Mapped[datetime | None]
    cancel_until: Mapped[datetime | None]
    fee_fen: Mapped[int] = mapped_column(default=0)
    onsite_fee_fen: Mapped[int | None]
    fee_zh: Mapped[str] = mapped_column(default="")
    fee_en: Mapped[str | None]
    gift_zh: Mapped[str] = mapped_column(default="")
    gift_en: Mapped[str | None]
    gift_rule_zh: Mapped[str] = mapped_column(Text, default="")
    gift_rule_en: Mapped[str | None] = mapped_column(Text)
    attendance_points: Mapped[int | None]
    voucher_kind_id: Mapped[int | None] = mapped_column(ForeignKey("voucher_kind.id"))
    for_tiers: Mapped[list[str]] = mapped_column(default=list)
    for_models: Mapped[list[str]] = mapped_column(default=list)
    for_energies: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    interests: Mapped[list[str]] = mapped_column(default=list)
    invited_only: Mapped[bool] = mapped_column(default=False)
    interests_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    reserved: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    reserved_until: Mapped[datetime | None]
    asks_papers: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    agency: Mapped[str] = mapped_column(default="", server_default=text("''"))
    agency_licence: Mapped[str] = mapped_column(default="", server_default=text("''"))
    insurer: Mapped[str] = mapped_column(default="", server_default=text("''"))
    terms_zh: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    terms_en: Mapped[str | None] = mapped_column(Text)
    terms_version: Mapped[int] = mapped_column(default=0, server_default="0")
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    shop: Mapped[Shop] = relationship()
    kind: Mapped[EventKind] = relationship()
    agenda: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.position", cascade="all, delete-orphan"
    )
    hosts: Mapped[list["EventHost"]] = relationship(
        order_by="EventHost.position", cascade="all, delete-orphan"
    )
    steps: Mapped[list["CheckInStep"]] = relationship(
        order_by="CheckInStep.position", cascade="all, delete-orphan"
    )
    checklist: Mapped[list["ChecklistItem"]] = relationship(
        order_by="ChecklistItem.position", cascade="all, delete-orphan"
    )
    sessions: Mapped[list[EventSession]] = relationship(
        order_by="EventSession.starts_at", cascade="all, delete-orphan"
    )
    quotas: Mapped[list[Quota]] = relationship(order_by="Quota.id", cascade="all, delete-orphan")
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan"
    )

    @property
    def was_public(self) -> bool:
        """Whether it ever stood in the programme; a draft that was given up never did."""
        return self.state != EventState.DRAFT and self.published_at is not None

    @property
    def given_up(self) -> bool:
        """Whether it was given up as a draft, before anybody outside the desk had seen it."""
        return self.state == EventState.CANCELLED and self.published_at is None


class EventHost(Base):
    """Who receives the members; the phone is for those with a place."""

    __tablename__ = "event_host"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    role_zh: Mapped[str] = mapped_column(default="")
    role_en: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")


class AgendaItem(Base):
    """One line of the timed agenda."""

    __tablename__ = "agenda_item"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    starts_at: Mapped[datetime]
    title_zh: Mapped[str]
    title_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]


class CheckInStep(Base):
    """A step of check-in that the organiser named: formation place, badge, ballot, gift in."""

    __tablename__ = "check_in_step"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    note_zh: Mapped[str] = mapped_column(default="")
    note_en: Mapped[str | None]


class ChecklistItem(Base):
    """One item of a seasonal check, as announced to owners."""

    __tablename__ = "checklist_item"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
