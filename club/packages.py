"""Packages sold and refunded: the points come at the sale, once, on what was paid (R5, R7).

A sale is an order of one line, so that it earns, counts and is refunded like any other.
"""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club import earning, package_orders, purses
from club.models import KindState, Package, PackageItem, PackageKind, PackageState
from club.package_kinds import NotOnSale
from foundation import audit, clock
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.facts import count_orders
from members.models import (
    PACKAGE_SALE,
    OrderKind,
    OrderLine,
    Owner,
    Ownership,
    PaidBy,
    Vehicle,
)

LONGEST = 200


class NoSuchCar(Refusal):
    """The package is for one car, and that is one of the owner's."""


class PriceOutOfRange(Refusal):
    """Nobody pays more than the price, or less than nothing."""


class NothingToRefund(Refusal):
    """Nothing is left of the package, or it was ended before."""


class ReasonNeeded(Refusal):
    """What is given back is explained."""


def sell(
    db: Session,
    kind: PackageKind,
    owner: Owner,
    *,
    vehicle_id: int | None = None,
    paid_fen: int,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
) -> Package:
    """A package for an owner, and its points; the same request twice is one package."""
    purses.hold(db, [owner.id])
    known = db.scalar(select(Package).where(Package.request_id == request_id))
    if known is not None:
        return known
    if kind.state is not KindState.LIVE:
        raise NotOnSale(N_("This package is not sold at present."))
    if not 0 <= paid_fen <= kind.price_fen:
        raise PriceOutOfRange(N_("What is paid lies between nothing and the price."))
    made = Package(
        kind=kind,
        owner_id=owner.id,
        vehicle_id=_car(db, owner.id, vehicle_id) if kind.one_car else None,
        state=PackageState.ACTIVE,
        request_id=request_id,
        paid_fen=paid_fen,
        sold_on=today,
        until_on=clock.add_months(today, kind.months),
        made_at=now,
        account_id=by,
        items=[PackageItem(kind_item=one, times=one.times, used=0) for one in kind.items],
    )
    db.add(made)
    db.flush()
    made.line = _line(db, made, f"P{made.id}", paid_fen, today, now)
    _count(db, made.line, today, now)
    audit.record(db, "package.sell", "package", made.id, by=by, now=now, owner=owner.id)
    db.flush()
    return made


def refund_of(package: Package) -> int:
    """Fen that come back today: the part of what was paid that its unused times are."""
    return package.paid_fen * package.left // package.times if package.times else 0


def refund(
    db: Session, package: Package, *, reason: str, today: date, by: int | None, now: datetime
) -> int:
    """Give the rest back, once, and take back the points that it earned; how many fen.

    Nothing of the package can be used after that.
    """
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the package is refunded."))
    purses.hold(db, [package.owner_id])
    db.refresh(package)
    for item in package.items:
        db.refresh(item)
    if package.line_id is None:
        raise NothingToRefund(
            N_("It was sold before the club began, so what was paid is not known here.")
        )
    fen, left = refund_of(package), package.left
    ended = rows_changed(
        db,
        update(Package)
        .where(Package.id == package.id, Package.state == PackageState.ACTIVE)
        .values(
            state=PackageState.REFUNDED,
            refund_fen=fen,
            ended_at=now,
            ended_by=by,
            ended_why=reason.strip()[:LONGEST],
        ),
    )
    if not ended or not left:
        raise NothingToRefund(N_("Nothing is left of this package to give back."))
    db.refresh(package)
    if fen:
        back = _line(db, package, f"P{package.id}-R", -fen, today, now)
        back.refund_of_id = package.line_id
        _count(db, back, today, now)
    audit.record(db, "package.refund", "package", package.id, by=by, now=now, fen=fen)
    db.flush()
    return fen


def _line(
    db: Session, package: Package, number: str, fen: int, today: date, now: datetime
) -> OrderLine:
    line = OrderLine(
        kind=OrderKind.PACKAGE, paid_by=PaidBy.OWNER, fen=fen, description=package.kind.name_zh
    )
    return package_orders.write(db, package, line, PACKAGE_SALE, number, today=today, now=now)


def _count(db: Session, line: OrderLine, today: date, now: datetime) -> None:
    db.flush()
    earning.settle(db, [line], until=today, today=today, now=now)
    count_orders(db, [line.order.owner_id])


def _car(db: Session, owner_id: int, vehicle_id: int | None) -> int:
    mine = (
        select(Vehicle.id)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(
            Vehicle.id == vehicle_id, Ownership.owner_id == owner_id, Ownership.until_on.is_(None)
        )
    )
    found = db.scalar(mine)
    if found is None:
        raise NoSuchCar(N_("This package is for one car. Please choose a car of the owner."))
    return found
