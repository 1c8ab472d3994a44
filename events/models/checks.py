"""Check sheets: templates, the points of an event, and what was found at each car."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import Event
from events.models.registrations import Registration
from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_
from members.models import Account, Measure, Owner, Vehicle


class Colour(Labelled):
    """How a point was found."""

    GREEN = "green", N_("Good")
    AMBER = "amber", N_("Soon")
    RED = "red", N_("Now")
    ABSENT = "absent", N_("Not on this car")


class Point:
    """How one point is checked. Without a unit it is looked at; with one it is measured at each
    of its spots. Values and limits are hundredths of the unit; a limit proposes the colour."""

    position: Mapped[int]
    group_zh: Mapped[str] = mapped_column(default="")
    group_en: Mapped[str | None]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    unit: Mapped[str] = mapped_column(default="")
    measure: Mapped[Measure | None]
    spots: Mapped[list[str]] = mapped_column(default=list)
    scale_low: Mapped[int | None]
    scale_high: Mapped[int | None]
    red_below: Mapped[int | None]
    amber_below: Mapped[int | None]
    amber_above: Mapped[int | None]
    red_above: Mapped[int | None]
    advice_zh: Mapped[str] = mapped_column(Text, default="")
    advice_en: Mapped[str | None] = mapped_column(Text)

    @property
    def places(self) -> list[str]:
        """Where it is measured: its spots, or the whole car; nowhere if it is only looked at."""
        return (self.spots or [""]) if self.unit else []


class CheckTemplate(Base):
    """A list of points that every club starts with; events get copies of their own."""

    __tablename__ = "check_template"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    position: Mapped[int]

    points: Mapped[list["CheckTemplatePoint"]] = relationship(
        order_by="CheckTemplatePoint.position", cascade="all, delete-orphan"
    )


class CheckTemplatePoint(Point, Base):
    """A point of a template, as sheets of new events get it."""

    __tablename__ = "check_template_point"

    id: Mapped[Id]
    template_id: Mapped[int] = mapped_column(ForeignKey("check_template.id"), index=True)


class CheckPoint(Point, Base):
    """A point of one event, as its sheets begin with it."""

    __tablename__ = "check_point"
    __table_args__ = (Index("ix_check_point_event", "event_id", "position"),)

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))


class CheckSheet(Base):
    """The sheet of one car: open until the technician signs, then it is the owner's report.

    `edition` grows each time it is signed; the odometer is `odometer_aside` where it fell (R50).
    """

    __tablename__ = "check_sheet"
    __table_args__ = (Index("ix_check_sheet_event", "event_id", "finished_at"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    technician: Mapped[str] = mapped_column(default="")
    edition: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None]
    looked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    odometer_km: Mapped[int | None]
    odometer_aside: Mapped[bool] = mapped_column(default=False)
    tyre_brand: Mapped[str] = mapped_column(default="")
    tyre_size: Mapped[str] = mapped_column(default="")
    tyre_dot: Mapped[str] = mapped_column(default="")

    event: Mapped[Event] = relationship()
    registration: Mapped[Registration] = relationship()
    owner: Mapped[Owner] = relationship()
    vehicle: Mapped[Vehicle] = relationship()
    looked_by: Mapped[Account | None] = relationship(foreign_keys=[looked_by_id])
    results: Mapped[list["CheckResult"]] = relationship(
        back_populates="check", order_by="CheckResult.position"
    )


class AdviceAnswer(Labelled):
    """What the owner says to an advice."""

    DECLINED = "declined", N_("Not now")
    CALL = "call", N_("Please call me")
    BOOK = "book", N_("Please book it for me")


class CheckResult(Point, Base):
    """What was found at one point; the point itself is copied, so a report never changes.

    `measured` holds hundredths by spot. `advice` is the technician's, in place of the point's.
    """

    __tablename__ = "check_result"
    __table_args__ = (
        UniqueConstraint("check_id", "position"),
        Index("ix_check_result_answer", "answer", "handled_at", "id"),
    )

    id: Mapped[Id]
    check_id: Mapped[int] = mapped_column(ForeignKey("check_sheet.id"))
    colour: Mapped[Colour | None]
    measured: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    price_fen: Mapped[int | None]
    answer: Mapped[AdviceAnswer | None]
    answered_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handled_note: Mapped[str] = mapped_column(Text, default="")

    check: Mapped[CheckSheet] = relationship(back_populates="results")
    photo: Mapped["CheckPhoto | None"] = relationship(back_populates="result")
    handled_by: Mapped[Account | None] = relationship()


class CheckPhoto(Base):
    """A picture of one point, made smaller and without what the camera wrote into it."""

    __tablename__ = "check_photo"

    id: Mapped[Id]
    result_id: Mapped[int] = mapped_column(ForeignKey("check_result.id"), unique=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    taken_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    result: Mapped[CheckResult] = relationship(back_populates="photo")
