"""After a trip: what was driven, and the pictures of its recap."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from events.models.programme import Event
from events.models.trips import Trip
from foundation.database import Base, Id
from members.models import Account


class TripDrive(Base):
    """What a registration that came drove: a line in the owner's and in the car's record."""

    __tablename__ = "trip_drive"
    __table_args__ = (
        Index("ix_trip_drive_owner", "owner_id", "driven_on"),
        Index("ix_trip_drive_vehicle", "vehicle_id", "driven_on"),
        CheckConstraint("metres >= 0", name="metres"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    metres: Mapped[int]
    driven_on: Mapped[date]

    event: Mapped[Event] = relationship()


class PictureState(enum.StrEnum):
    """Members' pictures wait until staff show them; what somebody does not want is hidden."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


class TripPicture(Base):
    """A picture of the recap. Its address holds the random `token`; its pixels lie in
    `trip_picture_size`, so that lists never load them."""

    __tablename__ = "trip_picture"
    __table_args__ = (Index("ix_trip_picture_trip", "trip_id", "state", "id"),)

    id: Mapped[Id]
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    token: Mapped[str] = mapped_column(unique=True)
    state: Mapped[PictureState]
    width: Mapped[int]
    height: Mapped[int]
    uploaded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    consent: Mapped[str] = mapped_column(Text)
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    trip: Mapped[Trip] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    hidden_by: Mapped[Account | None] = relationship(foreign_keys=[hidden_by_id])
    sizes: Mapped[list["TripPictureSize"]] = relationship(cascade="all, delete-orphan")


class TripPictureSize(Base):
    """The picture in one size, as a JPEG that holds nothing but pixels."""

    __tablename__ = "trip_picture_size"
    __table_args__ = (UniqueConstraint("picture_id", "name"),)

    id: Mapped[Id]
    picture_id: Mapped[int] = mapped_column(ForeignKey("trip_picture.id"))
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
