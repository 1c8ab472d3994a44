"""Cars and who had them when."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from members.models.owners import Owner


class Energy(enum.StrEnum):
    """燃油 / 混动 / 插混 / 增程 / 纯电."""

    FUEL = "fuel"
    HYBRID = "hybrid"
    PLUG_IN = "plug-in"
    RANGE_EXTENDER = "range-extender"
    ELECTRIC = "electric"


class BodyType(enum.StrEnum):
    SEDAN = "sedan"
    HATCHBACK = "hatchback"
    SUV = "suv"
    MPV = "mpv"
    WAGON = "wagon"
    COUPE = "coupe"


class Vehicle(Base):
    """A car. VIN and plate are stored normalised; a new car may have no plate yet.

    Fuel is assumed of a car until somebody says what drives it.
    """

    __tablename__ = "vehicle"

    id: Mapped[Id]
    vin: Mapped[str | None] = mapped_column(unique=True)
    plate: Mapped[str | None] = mapped_column(unique=True)
    make: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="", index=True)
    trim: Mapped[str | None]
    model_year: Mapped[int | None]
    colour: Mapped[str | None]
    body: Mapped[BodyType] = mapped_column(default=BodyType.SEDAN)
    energy: Mapped[Energy] = mapped_column(default=Energy.FUEL)
    energy_said: Mapped[bool] = mapped_column(default=False, server_default=false())
    engine_number: Mapped[str | None]
    purchased_on: Mapped[date | None]
    registered_on: Mapped[date | None]
    compulsory_insurance_until: Mapped[date | None]
    commercial_insurance_until: Mapped[date | None]
    inspection_until: Mapped[date | None]
    mileage_km: Mapped[int | None]
    mileage_on: Mapped[date | None]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    ownerships: Mapped[list["Ownership"]] = relationship(back_populates="vehicle")

    def read_odometer(self, km: int | None, on: date) -> None:
        """Keep the newest reading; one that is older or that falls is left aside."""
        if km is None or (self.mileage_on and on < self.mileage_on) or km < (self.mileage_km or 0):
            return
        self.mileage_km, self.mileage_on = km, on


class Ownership(Base):
    """Who had a car from when until when; open while `until_on` is empty."""

    __tablename__ = "ownership"
    __table_args__ = (Index("ix_ownership_owner", "owner_id", "until_on"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    vehicle_id: Mapped[int] = mapped_column(ForeignKey("vehicle.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    owner: Mapped[Owner] = relationship()
    vehicle: Mapped[Vehicle] = relationship(back_populates="ownerships")
