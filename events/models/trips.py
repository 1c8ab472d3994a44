"""Trips: the route of each day, its stops, the convoy, the roll call, and what cars need before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from events.models.programme import Event
from events.models.registrations import Registration
from foundation.database import Base, Id
from foundation.labels import Labelled
from foundation.words import N_


class RecapFor(Labelled):
    """Who may read what is told afterwards."""

    JOINED = "joined", N_("Those who joined the trip")
    MEMBERS = "members", N_("All members")


class Trip(Base):
    """What makes an event a trip. `check_days` is how many days before the start a check of the
    car may lie, None where none is asked for."""

    __tablename__ = "trip"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    channel: Mapped[str] = mapped_column(default="")
    tow_name: Mapped[str] = mapped_column(default="")
    tow_phone: Mapped[str] = mapped_column(default="")
    check_days: Mapped[int | None]
    asks_insurance: Mapped[bool] = mapped_column(default=False)
    asks_licence: Mapped[bool] = mapped_column(default=False)
    recap_zh: Mapped[str] = mapped_column(Text, default="")
    recap_en: Mapped[str | None] = mapped_column(Text)
    recap_for: Mapped[RecapFor] = mapped_column(default=RecapFor.JOINED)
    recap_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship(backref=backref("trip", uselist=False))
    days: Mapped[list["TripDay"]] = relationship(
        order_by="TripDay.day", cascade="all, delete-orphan"
    )
    stops: Mapped[list["TripStop"]] = relationship(
        order_by="TripStop.day, TripStop.position", cascade="all, delete-orphan"
    )
    contacts: Mapped[list["TripContact"]] = relationship(
        order_by="TripContact.position", cascade="all, delete-orphan"
    )


class TripDay(Base):
    """The route of one day as it was measured. `line` are its parts for drawing, each a list of
    [latitude, longitude]; `heights` are [metres from the start, height]."""

    __tablename__ = "trip_day"
    __table_args__ = (UniqueConstraint("trip_id", "day"),)

    id: Mapped[Id]
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    day: Mapped[int]
    file_name: Mapped[str] = mapped_column(default="")
    metres: Mapped[int]
    climb: Mapped[int | None]
    highest: Mapped[int | None]
    line: Mapped[list[Any]]
    heights: Mapped[list[Any]]
    uploaded_at: Mapped[datetime]


class StopKind(Labelled):
    """What a stop is for."""

    START = "start", N_("Start")
    MEETING = "meeting", N_("Meeting point")
    REST = "rest", N_("Rest")
    ENERGY = "energy", N_("Fuel or charging")
    FOOD = "food", N_("Food")
    SIGHT = "sight", N_("Sight")
    HOTEL = "hotel", N_("Hotel")
    FINISH = "finish", N_("Destination")


class TripStop(Base):
    """One stop of a day. `metres` is how far along the day's route it lies; coordinates are WGS-84,
    as routes are."""

    __tablename__ = "trip_stop"
    __table_args__ = (Index("ix_trip_stop_trip", "trip_id", "day", "position"),)

    id: Mapped[Id]
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    day: Mapped[int]
    position: Mapped[int]
    kind: Mapped[StopKind]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    arrives_at: Mapped[datetime | None]
    stay_minutes: Mapped[int | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    metres: Mapped[int | None]
    note_zh: Mapped[str] = mapped_column(default="")
    note_en: Mapped[str | None]


class TripContact(Base):
    """Somebody to call in need, shown to those who are registered."""

    __tablename__ = "trip_contact"

    id: Mapped[Id]
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    phone: Mapped[str]


class ConvoyRole(Labelled):
    """A car's part in the convoy."""

    CAR = "car", N_("Car")
    LEAD = "lead", N_("Lead car")
    SWEEP = "sweep", N_("Sweep car")


class ConvoyCar(Base):
    """A registration's place in the line of cars."""

    __tablename__ = "convoy_car"
    __table_args__ = (Index("ix_convoy_car_trip", "trip_id", "position"),)

    id: Mapped[Id]
    trip_id: Mapped[int] = mapped_column(ForeignKey("trip.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), unique=True)
    position: Mapped[int]
    role: Mapped[ConvoyRole] = mapped_column(default=ConvoyRole.CAR)

    registration: Mapped[Registration] = relationship()


class CarCheck(Base):
    """Staff looked at a car before the trip, by hand: who ticked it, and who did it."""

    __tablename__ = "car_check"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    checked_on: Mapped[date]
    checked_by: Mapped[str]
    noted_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]


class PromiseKind(Labelled):
    """What a member confirms for themselves before a trip."""

    INSURANCE = "insurance", N_("Trip insurance")
    LICENCE = "licence", N_("Driving licence")


class TripPromise(Base):
    """A member's tick with its date and the wording they read; taken back, the row stays."""

    __tablename__ = "trip_promise"
    __table_args__ = (Index("ix_trip_promise_registration", "registration_id", "kind"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    kind: Mapped[PromiseKind]
    wording: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class RollTick(Base):
    """A tick or its taking back at a stop; the newest of a car counts. The same request id twice
    is one row, so that a phone may send what it kept as often as it needs."""

    __tablename__ = "roll_tick"
    __table_args__ = (Index("ix_roll_tick_stop", "stop_id", "registration_id"),)

    id: Mapped[Id]
    request_id: Mapped[str] = mapped_column(unique=True)
    stop_id: Mapped[int] = mapped_column(ForeignKey("trip_stop.id"))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    here: Mapped[bool]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
