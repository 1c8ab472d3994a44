"""Who kept a place and did not come, and what people made of it (R31)."""

import enum
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.registrations import Registration
from foundation.database import Base, Id


class NoShowState(enum.StrEnum):
    """A missed event counts; after the member's word it is appealed, then kept or excused."""

    COUNTED = "counted"
    APPEALED = "appealed"
    KEPT = "kept"
    EXCUSED = "excused"


class Measure(enum.StrEnum):
    """What a person at the desk may decide after several; the house decides nothing by itself."""

    NONE = "none"
    CALL = "call"
    LATER = "later"


class NoShow(Base):
    """One missed event of one registration. `grade` is the how-manieth it was within the months
    that count, when it was noted."""

    __tablename__ = "no_show"
    __table_args__ = (
        Index("ix_no_show_state", "state", "id"),
        Index("ix_no_show_measure", "measure", "measure_until"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    missed_on: Mapped[date]
    grade: Mapped[int]
    state: Mapped[NoShowState] = mapped_column(default=NoShowState.COUNTED)
    noted_at: Mapped[datetime]
    appeal: Mapped[str] = mapped_column(default="")
    appealed_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    measure: Mapped[Measure] = mapped_column(default=Measure.NONE)
    measure_until: Mapped[date | None]

    registration: Mapped[Registration] = relationship()
