"""Which member was told of which end: of a tier, or of points."""

import enum
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Base, Id


class EndingKind(enum.StrEnum):
    TIER = "tier"
    POINTS = "points"


class EndingNotice(Base):
    """One notice of what ends after the day `due_on`, so many days before; posted once."""

    __tablename__ = "ending_notice"
    __table_args__ = (UniqueConstraint("owner_id", "kind", "due_on", "days_before"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    kind: Mapped[EndingKind]
    due_on: Mapped[date]
    days_before: Mapped[int]
    told_on: Mapped[date]
