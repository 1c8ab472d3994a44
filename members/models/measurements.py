"""What was measured or read at a car, each with its day and where it comes from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_
from members.models.accounts import Account
from members.models.vehicles import Vehicle


class Measure(Labelled):
    """What can be kept of a car (domain, section 5)."""

    ODOMETER = "odometer", N_("Odometer")
    PAD = "pad", N_("Brake pads")
    TREAD = "tread", N_("Tyre tread")
    BATTERY = "battery", N_("Starter battery")
    COOLANT = "coolant-freezing", N_("Coolant freezing point")
    WASH = "wash-freezing", N_("Screen wash freezing point")
    BRAKE_WATER = "brake-fluid-water", N_("Water in the brake fluid")
    VENT = "vent-temperature", N_("Temperature at the vents")
    PRESSURE = "tyre-pressure", N_("Tyre pressure")
    TYRE_BRAND = "tyre-brand", N_("Tyre brand")
    TYRE_SIZE = "tyre-size", N_("Tyre size")
    TYRE_DOT = "tyre-dot", N_("Tyre DOT")


class Spot(Labelled):
    """Where at the car; a measure of the whole car has no spot."""

    WHOLE = "", N_("Whole car")
    FRONT = "front", N_("Front")
    REAR = "rear", N_("Rear")
    FRONT_LEFT = "front-left", N_("Front left")
    FRONT_RIGHT = "front-right", N_("Front right")
    REAR_LEFT = "rear-left", N_("Rear left")
    REAR_RIGHT = "rear-right", N_("Rear right")


class CarMeasurement(Base):
    """One value, in hundredths of its unit, or one text. `aside` is a reading that cannot be
    right and moves nothing (R50). A source says a thing of one spot once."""

    __tablename__ = "car_measurement"
    __table_args__ = (
        UniqueConstraint("source", "source_id", "measure", "spot"),
        Index("ix_car_measurement_newest", "vehicle_id", "measure", "spot", "measured_on"),
        CheckConstraint("(value IS NULL) <> (text IS NULL)", name="value_or_text"),
    )

    id: Mapped[Id]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    measure: Mapped[Measure]
    spot: Mapped[Spot] = mapped_column(default=Spot.WHOLE)
    value: Mapped[int | None] = mapped_column(Number)
    text: Mapped[str | None]
    unit: Mapped[str] = mapped_column(default="")
    measured_on: Mapped[date]
    source: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(Number)
    aside: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class HandReading(Base):
    """What somebody read at a car of a day and wrote into its archive by hand. `said` holds it
    as [measure, spot, value, unit, text, aside]; taken back, the row stays and its values go."""

    __tablename__ = "hand_reading"
    __table_args__ = (Index("ix_hand_reading_vehicle", "vehicle_id", "id"),)

    id: Mapped[Id]
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"))
    read_on: Mapped[date]
    said: Mapped[list[Any]]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    vehicle: Mapped[Vehicle] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    taken_back_by: Mapped[Account | None] = relationship(foreign_keys=[taken_back_by_id])


class StoredTyres(Base):
    """Tyres of a car that the shop keeps for its owner: brand, size, DOT, shelf, until when."""

    __tablename__ = "stored_tyres"
    __table_args__ = (
        Index("ix_stored_tyres_shelf", "returned_on", "until_on", "id"),
        CheckConstraint("count BETWEEN 1 AND 8", name="count"),
    )

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    brand: Mapped[str]
    size: Mapped[str]
    dot: Mapped[str] = mapped_column(default="")
    count: Mapped[int]
    shelf: Mapped[str]
    stored_on: Mapped[date]
    until_on: Mapped[date]
    returned_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
