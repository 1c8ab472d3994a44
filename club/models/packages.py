"""Packages: kinds that are sold, packages in owners' hands, and each use of one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from club.models.vouchers import KindState
from foundation.database import Base, Id, Number
from foundation.labels import Labelled
from foundation.words import N_
from members.models import OrderKind, OrderLine, Owner, Vehicle


class PackageState(Labelled):
    """Whether a package may be used at all; used up and over are seen from counts and days."""

    ACTIVE = "active", N_("Can be used")
    REFUNDED = "refunded", N_("Refunded")
    WITHDRAWN = "withdrawn", N_("Taken back")


class PackageKind(Base):
    """The terms of a kind of package. `one_car` ties what is sold to one of the owner's cars."""

    __tablename__ = "package_kind"
    __table_args__ = (CheckConstraint("price_fen >= 0 AND months > 0", name="terms"),)

    id: Mapped[Id]
    state: Mapped[KindState] = mapped_column(default=KindState.DRAFT)
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    about_zh: Mapped[str] = mapped_column(default="")
    about_en: Mapped[str | None]
    price_fen: Mapped[int] = mapped_column(Number)
    months: Mapped[int]
    one_car: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    account_id: Mapped[int | None]

    items: Mapped[list["PackageKindItem"]] = relationship(
        back_populates="kind", order_by="PackageKindItem.position", cascade="all, delete-orphan"
    )


class PackageKindItem(Base):
    """What a kind of package holds, and how often."""

    __tablename__ = "package_kind_item"
    __table_args__ = (
        UniqueConstraint("kind_id", "position"),
        CheckConstraint("times > 0", name="times"),
    )

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(ForeignKey("package_kind.id"))
    position: Mapped[int]
    name_zh: Mapped[str]
    name_en: Mapped[str | None]
    work: Mapped[OrderKind]
    times: Mapped[int]

    kind: Mapped[PackageKind] = relationship(back_populates="items")


class Package(Base):
    """One package of an owner. `line_id` is the order line of its sale, from which its points
    came; a package of the time before the club has none, and nobody knows what was paid.
    """

    __tablename__ = "package"
    __table_args__ = (
        UniqueConstraint("request_id"),
        Index("ix_package_owner", "owner_id", "until_on", "id"),
        CheckConstraint("paid_fen >= 0", name="paid"),
    )

    id: Mapped[Id]
    kind_id: Mapped[int] = mapped_column(ForeignKey("package_kind.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    vehicle_id: Mapped[int | None] = mapped_column(ForeignKey("vehicle.id"), index=True)
    state: Mapped[PackageState] = mapped_column(default=PackageState.ACTIVE)
    request_id: Mapped[str]
    paid_fen: Mapped[int] = mapped_column(Number)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
    sold_on: Mapped[date]
    until_on: Mapped[date | None]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_why: Mapped[str | None]
    refund_fen: Mapped[int | None] = mapped_column(Number)

    kind: Mapped[PackageKind] = relationship()
    owner: Mapped[Owner] = relationship()
    vehicle: Mapped[Vehicle | None] = relationship()
    line: Mapped[OrderLine | None] = relationship()
    items: Mapped[list["PackageItem"]] = relationship(
        back_populates="package", order_by="PackageItem.id"
    )

    @property
    def times(self) -> int:
        return sum(one.times for one in self.items)

    @property
    def left(self) -> int:
        """How often it can still be used, dates aside."""
        return sum(one.left for one in self.items) if self.state is PackageState.ACTIVE else 0

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until_on is not None and self.until_on < today


class PackageItem(Base):
    """A count of a package: how often something can be done, and how often it was."""

    __tablename__ = "package_item"
    __table_args__ = (CheckConstraint("used >= 0 AND used <= times", name="used"),)

    id: Mapped[Id]
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    kind_item_id: Mapped[int] = mapped_column(ForeignKey("package_kind_item.id"))
    times: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)

    package: Mapped[Package] = relationship(back_populates="items")
    kind_item: Mapped[PackageKindItem] = relationship()

    @property
    def left(self) -> int:
        return self.times - self.used


class PackageUse(Base):
    """One use, noted at the desk; undone with a reason it stays here. `order_id` is the visit
    that it counts as, and is empty again once the use was undone.
    """

    __tablename__ = "package_use"
    __table_args__ = (
        UniqueConstraint("item_id", "request_id"),
        Index("ix_package_use_item", "item_id", "used_on"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("package_item.id"))
    request_id: Mapped[str]
    used_on: Mapped[date]
    recorded_at: Mapped[datetime]
    account_id: Mapped[int | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("service_order.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None]
    undone_why: Mapped[str | None]

    item: Mapped[PackageItem] = relationship()
