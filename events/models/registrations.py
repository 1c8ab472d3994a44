"""Who signed up, who waits, who holds a ticket, who came."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.places import EventSession
from events.models.programme import CheckInStep, Event
from events.models.questions import Question
from foundation.database import Base, Id
from members.models import Owner, Vehicle


class RegistrationState(enum.StrEnum):
    """Has a place, waits, or was offered one; ends cancelled, or with an offer declined or over."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


ACTIVE = (RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED)
_ACTIVE_SQL = text("state IN ('confirmed', 'waiting', 'offered')")


class Registration(Base):
    """A member's sign-up. One active per (event, member), and per (event, car) where the car
    is the unit (R19): `car_key` holds the car's id exactly then.

    `tier` is the member's at sign-up, so that places go back to the allotment they came from.
    `waits_for` names the quotas whose `waiting` counts this one: those that hold it up.
    `terms_version` is the wording of the event's terms that was accepted.
    `sequence` grows when this entry alone moves in the member's calendar. `formation_number` is the
    car's place in the formation; it stays theirs when others cancel."""

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_active_owner",
            "event_id",
            "owner_id",
            unique=True,
            sqlite_where=_ACTIVE_SQL,
            postgresql_where=_ACTIVE_SQL,
        ),
        Index(
            "uq_registration_active_car",
            "event_id",
            "car_key",
            unique=True,
            sqlite_where=_ACTIVE_SQL,
            postgresql_where=_ACTIVE_SQL,
        ),
        Index("ix_registration_queue", "event_id", "state", "queued_at", "id"),
        Index("ix_registration_owner", "owner_id", "id"),
        Index("ix_registration_offer", "state", "offer_until"),
        CheckConstraint("party_size >= 1", name="party_size"),
        Index("uq_registration_formation", "event_id", "formation_number", unique=True),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    car_key: Mapped[int | None]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("event_session.id"))
    party_size: Mapped[int] = mapped_column(default=1)
    state: Mapped[RegistrationState]
    made_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    offer_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    gift: Mapped[bool] = mapped_column(default=False)
    tier: Mapped[str] = mapped_column(default="general")
    waits_for: Mapped[list[Any]] = mapped_column(default=list)
    skip_reason: Mapped[str | None]
    move_reason: Mapped[str | None]
    skipped_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(default="programme")
    formation_number: Mapped[int | None]
    terms_version: Mapped[int | None]

    event: Mapped[Event] = relationship()
    owner: Mapped[Owner] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    session: Mapped[EventSession | None] = relationship()
    companions: Mapped[list["Companion"]] = relationship(
        order_by="Companion.id", cascade="all, delete-orphan"
    )
    answers: Mapped[list["Answer"]] = relationship(cascade="all, delete-orphan")
    ticket: Mapped["Ticket | None"] = relationship(back_populates="registration")


class Companion(Base):
    """Somebody who comes along. `guardian` of a minor: 0 is the member, 1 the first companion."""

    __tablename__ = "companion"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    age_band: Mapped[str] = mapped_column(default="adult")
    guardian: Mapped[int | None]


class Answer(Base):
    """What a registration says to one question of its event."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    text: Mapped[str]

    question: Mapped[Question] = relationship()


class Ticket(Base):
    """The right to come in. The secret is random, sealed, and found by its blind index (R28)."""

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("event_id", "code"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    secret_sealed: Mapped[str]
    secret_index: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(back_populates="ticket")


class CheckIn(Base):
    """One arrival at one step (none = the door). The same request id twice is one row (R27).

    `flagged`: another device had seen the ticket before; `settled_at`: somebody has looked into it.
    """

    __tablename__ = "check_in"
    __table_args__ = (Index("ix_check_in_registration", "registration_id", "step_id"),)

    id: Mapped[Id]
    request_id: Mapped[str] = mapped_column(unique=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("check_in_step.id"))
    device: Mapped[str] = mapped_column(default="")
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    flagged: Mapped[bool] = mapped_column(default=False)
    undone_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_note: Mapped[str | None]

    registration: Mapped[Registration] = relationship()
    step: Mapped[CheckInStep | None] = relationship()


class EventInvitee(Base):
    """A member who was invited, and the address of their personal link (outreach fills it)."""

    __tablename__ = "event_invitee"
    __table_args__ = (UniqueConstraint("event_id", "owner_id"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    invited_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
