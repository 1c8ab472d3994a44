"""The workshop's bays, which of them serve an event, and what each is busy with."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import Event
from events.models.registrations import Registration
from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_
from members.models import Account


class BayWork(Labelled):
    """What a bay is fitted out for."""

    GENERAL = "general", N_("General work")
    TYRES = "tyres", N_("Tyres and wheels")
    ALIGNMENT = "alignment", N_("Four-wheel alignment")
    AIR = "air-conditioning", N_("Air conditioning")
    HIGH_VOLTAGE = "high-voltage", N_("High-voltage cars")
    BODY = "body", N_("Body and paint work")


class Bay(Base):
    """A place in the workshop where one car stands at a time."""

    __tablename__ = "bay"

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    does: Mapped[list[str]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]


class BayPlan(Base):
    """How long a job of an event takes, and how long its bay stays free afterwards."""

    __tablename__ = "bay_plan"
    __table_args__ = (
        CheckConstraint("job_minutes >= 15", name="job"),
        CheckConstraint("buffer_minutes >= 0", name="buffer"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    job_minutes: Mapped[int]
    buffer_minutes: Mapped[int]

    event: Mapped[Event] = relationship()
    bays: Mapped[list[Bay]] = relationship(
        secondary="event_bay",
        primaryjoin="BayPlan.event_id == EventBay.event_id",
        secondaryjoin="EventBay.bay_id == Bay.id",
        order_by="Bay.position",
    )


class EventBay(Base):
    """A bay that serves an event."""

    __tablename__ = "event_bay"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    bay_id: Mapped[int] = mapped_column(ForeignKey("bay.id"), primary_key=True, index=True)


class BayJob(Base):
    """A registered car in its bay, from when until when; the buffer comes after."""

    __tablename__ = "bay_job"
    __table_args__ = (
        Index("ix_bay_job_day", "bay_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    bay_id: Mapped[int] = mapped_column(ForeignKey("bay.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    advisor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    buffer_minutes: Mapped[int]
    moves: Mapped[int] = mapped_column(default=0)

    registration: Mapped[Registration] = relationship()
    bay: Mapped[Bay] = relationship()
    advisor: Mapped[Account | None] = relationship()


class Resource(enum.StrEnum):
    """What can be in one place at a time only."""

    BAY = "bay"
    ADVISOR = "advisor"
    CAR = "car"


class BusyCell(Base):
    """Five minutes of one bay, advisor or car. The unique key is what keeps slots apart (R25):
    no form and no rule can put two jobs into one cell."""

    __tablename__ = "busy_cell"
    __table_args__ = (UniqueConstraint("kind", "resource_id", "cell"),)

    id: Mapped[Id]
    kind: Mapped[Resource]
    resource_id: Mapped[int] = mapped_column(Number)
    cell: Mapped[int] = mapped_column(Number)
    job_id: Mapped[int] = mapped_column(ForeignKey("bay_job.id", ondelete="CASCADE"), index=True)
