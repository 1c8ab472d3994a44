"""What the workshop did and what was paid for it."""

import enum
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    exists,
    or_,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_


class OrderKind(Labelled):
    """The kinds of a service order (domain, section 1)."""

    FIRST_SERVICE = "first-service", N_("First service")
    SCHEDULED = "scheduled-service", N_("Scheduled service")
    WARRANTY = "warranty-claim", N_("Warranty claim")
    MINOR_REPAIR = "minor-repair", N_("Minor repair")
    MAJOR_REPAIR = "major-repair", N_("Major repair")
    ACCIDENT = "accident", N_("Accident repair")
    BODY_PAINT = "body-and-paint", N_("Body and paint")
    ACCESSORIES = "accessories", N_("Accessories")
    RESCUE = "roadside-rescue", N_("Roadside rescue")
    PACKAGE = "package", N_("Maintenance package")
    DELIVERY = "delivery", N_("Delivery of the car")


AT_THE_WORKSHOP = tuple(
    kind for kind in OrderKind if kind not in (OrderKind.PACKAGE, OrderKind.DELIVERY)
)
"""What is done at the workshop, so that tiers, vouchers and agreements speak of it."""
NEVER_EARN = (OrderKind.WARRANTY, OrderKind.DELIVERY)
"""Warranty work is the maker's, and the car's price never counts (R7)."""


class PaidBy(enum.StrEnum):
    """Who paid a line: only what the owner paid earns (R7)."""

    OWNER = "owner"
    WARRANTY = "warranty"
    INSURANCE = "insurance"
    FREE = "free"
    POINTS = "points"
    VOUCHER = "voucher"
    PACKAGE = "package"


PACKAGE_SALE, PACKAGE_USE = "package-sale", "package-use"
"""The sources of orders that are the sale of a package or its refund, where nobody's car came
in, and of the visits on which one was used."""


class ServiceOrder(Base):
    """A workshop visit or its refund, once per (source, external id) (R8)."""

    __tablename__ = "service_order"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_service_order_owner", "owner_id", "serviced_on", "id"),
        Index("ix_service_order_vehicle", "vehicle_id", "serviced_on", "id"),
    )

    id: Mapped[Id]
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    source: Mapped[str]
    external_id: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"))
    bringer_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("owner.id"))
    serviced_on: Mapped[date] = mapped_column(index=True)
    mileage_km: Mapped[int | None]
    content: Mapped[str | None]
    recorded_at: Mapped[datetime]

    lines: Mapped[list["OrderLine"]] = relationship(
        back_populates="order", order_by="OrderLine.line_no"
    )


def is_visit() -> ColumnElement[bool]:
    """The condition that an order is a visit, which keeps an owner from being dormant.

    The use of a package is one where nothing else tells of the visit: neither an order of the
    same day and car that a file brought, nor an earlier use.
    """
    other = aliased(ServiceOrder)
    told = and_(other.source == PACKAGE_USE, other.id < ServiceOrder.id)
    same_car = or_(
        other.vehicle_id == ServiceOrder.vehicle_id,
        other.vehicle_id.is_(None),
        ServiceOrder.vehicle_id.is_(None),
    )
    counted = (
        exists()
        .where(
            other.owner_id == ServiceOrder.owner_id,
            other.serviced_on == ServiceOrder.serviced_on,
            other.id != ServiceOrder.id,
            same_car,
            or_(other.source.not_in((PACKAGE_SALE, PACKAGE_USE)), told),
        )
        .correlate(ServiceOrder)
    )
    by_itself = or_(ServiceOrder.source != PACKAGE_USE, ~counted)
    return and_(ServiceOrder.source != PACKAGE_SALE, by_itself)


class OrderLine(Base):
    """One typed line; fen, negative for a refund, which may name the line it takes back.

    `quantity` is how many of a thing were bought or came back, where the line tells it.
    """

    __tablename__ = "order_line"
    __table_args__ = (UniqueConstraint("order_id", "line_no"),)

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"))
    line_no: Mapped[int] = mapped_column(default=1)
    kind: Mapped[OrderKind | None]
    paid_by: Mapped[PaidBy] = mapped_column(default=PaidBy.OWNER)
    fen: Mapped[int] = mapped_column(Number)
    description: Mapped[str | None]
    brand: Mapped[str | None]
    quantity: Mapped[int | None]
    refund_of_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)

    order: Mapped[ServiceOrder] = relationship(back_populates="lines")
