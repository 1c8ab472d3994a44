"""What is counted: the sessions of an event, and the quotas that guard all places."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id


class EventSession(Base):
    """A slot or session of an event, with a quota of its own."""

    __tablename__ = "event_session"
    __table_args__ = (UniqueConstraint("event_id", "starts_at"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str | None]


class QuotaKind(enum.StrEnum):
    """What is counted: people or cars of the event, places of a session or of a tier, those of all
    tiers below one, choices of a question, gifts."""

    PEOPLE = "people"
    CARS = "cars"
    SESSION = "session"
    TIER = "tier"
    BELOW = "below"
    CHOICE = "choice"
    GIFT = "gift"


class Quota(Base):
    """Places of one kind: capacity (none = unlimited, 0 = closed), taken (offered ones included),
    and how many registrations wait. The conditional update of this row is the guard (R16).

    `below` counts all members beneath a tier together, so that places stay for that tier;
    `choice` counts those who gave one answer to a question."""

    __tablename__ = "quota"
    __table_args__ = (
        Index("ix_quota_event", "event_id", "id"),
        UniqueConstraint("question_id", "choice"),
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("waiting >= 0", name="waiting"),
    )

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("event_session.id"), unique=True)
    kind: Mapped[QuotaKind]
    tier: Mapped[str | None]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    choice: Mapped[str | None]
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
