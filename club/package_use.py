"""Using a package: each use is one conditional update, and a visit of the car (R14).

However many try at once, never more is used than there is. A use that is undone gives its time
back once, and its visit never was.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from club import package_orders, purses
from club.models import Package, PackageItem, PackageState, PackageUse
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.facts import count_orders
from members.models import PACKAGE_USE, OrderLine, PaidBy, ServiceOrder

LONGEST, SHOWN = 200, 50


class NoneLeft(Refusal):
    """All times are used, its last day is over, or it was ended."""


class UndoneBefore(Refusal):
    """The use came back once, or its package has ended since."""


class ReasonNeeded(Refusal):
    """What is corrected is explained."""


def use(
    db: Session, item: PackageItem, *, request_id: str, today: date, by: int | None, now: datetime
) -> PackageUse:
    """Note one use; the same request twice is one."""
    package = item.package
    purses.hold(db, [package.owner_id])
    known = db.scalar(
        select(PackageUse).where(PackageUse.item_id == item.id, PackageUse.request_id == request_id)
    )
    if known is not None:
        return known
    if not _take_one(db, item, today):
        raise _why_not(db, item, today)
    db.refresh(item)
    made = PackageUse(
        item=item, request_id=request_id, used_on=today, recorded_at=now, account_id=by
    )
    db.add(made)
    db.flush()
    made.order_id = _visit(db, made, today, now).id
    db.flush()
    count_orders(db, [package.owner_id])
    audit.record(db, "package.use", "package", package.id, by=by, now=now, use=made.id)
    db.flush()
    return made


def undo(db: Session, noted: PackageUse, *, reason: str, by: int | None, now: datetime) -> None:
    """Give a use back to its package, once, with the reason; it stays in the history."""
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the use is taken back."))
    package = noted.item.package
    purses.hold(db, [package.owner_id])
    stands = select(Package.id).where(
        Package.id == package.id, Package.state == PackageState.ACTIVE
    )
    if db.scalar(stands) is None:
        raise UndoneBefore(N_("The package has ended since, so the use stays."))
    order_id = noted.order_id
    undone = rows_changed(
        db,
        update(PackageUse)
        .where(PackageUse.id == noted.id, PackageUse.undone_at.is_(None))
        .values(undone_at=now, undone_by=by, undone_why=reason.strip()[:LONGEST], order_id=None),
    )
    if not undone:
        raise UndoneBefore(N_("This use was taken back already."))
    db.execute(
        update(PackageItem)
        .where(PackageItem.id == noted.item_id, PackageItem.used > 0)
        .values(used=PackageItem.used - 1)
    )
    _forget_visit(db, order_id)
    count_orders(db, [package.owner_id])
    audit.record(db, "package.undo", "package", package.id, by=by, now=now, use=noted.id)
    db.flush()
    db.refresh(noted)
    db.refresh(noted.item)


def held_by(db: Session, owner_id: int) -> Sequence[Package]:
    """The packages of an owner, what ends first before what ends later."""
    return db.scalars(
        select(Package)
        .where(Package.owner_id == owner_id)
        .order_by(Package.state, Package.until_on.is_(None), Package.until_on, Package.id)
        .options(
            joinedload(Package.kind),
            joinedload(Package.vehicle),
            selectinload(Package.items).joinedload(PackageItem.kind_item),
        )
        .limit(SHOWN)
    ).all()


def usable_by(db: Session, owner_id: int, *, today: date) -> Sequence[Package]:
    """Those of which something can be used on a day."""
    return [one for one in held_by(db, owner_id) if one.left and not one.is_over(today)]


def uses_left(db: Session, owner_id: int, *, today: date) -> int:
    """How often the owner's packages can still be used."""
    left = (
        select(func.sum(PackageItem.times - PackageItem.used))
        .join(PackageItem.package)
        .where(Package.owner_id == owner_id, *_good(today))
    )
    return int(db.scalar(left) or 0)


def history(db: Session, owner_id: int, *, most: int = SHOWN) -> Sequence[PackageUse]:
    """The newest uses of an owner's packages, undone ones among them."""
    return db.scalars(
        select(PackageUse)
        .join(PackageUse.item)
        .join(PackageItem.package)
        .where(Package.owner_id == owner_id)
        .order_by(PackageUse.used_on.desc(), PackageUse.id.desc())
        .options(
            joinedload(PackageUse.item).joinedload(PackageItem.kind_item),
            joinedload(PackageUse.item).joinedload(PackageItem.package).joinedload(Package.kind),
        )
        .limit(most)
    ).all()


def _good(today: date) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a package can be used on a day."""
    lasts = or_(Package.until_on.is_(None), Package.until_on >= today)
    return (Package.state == PackageState.ACTIVE, lasts)


def _take_one(db: Session, item: PackageItem, today: date) -> bool:
    good = select(Package.id).where(*_good(today))
    taken = update(PackageItem).where(
        PackageItem.id == item.id,
        PackageItem.used < PackageItem.times,
        PackageItem.package_id.in_(good),
    )
    return bool(rows_changed(db, taken.values(used=PackageItem.used + 1)))


def _why_not(db: Session, item: PackageItem, today: date) -> NoneLeft:
    db.refresh(item)
    db.refresh(item.package)
    if item.package.state is not PackageState.ACTIVE:
        return NoneLeft(N_("This package has ended and cannot be used."))
    if item.package.is_over(today):
        day = (item.package.until_on or today).isoformat()
        return NoneLeft(N_("This package was good until %(day)s."), day=day)
    return NoneLeft(N_("All times of this are used."))


def _visit(db: Session, noted: PackageUse, today: date, now: datetime) -> ServiceOrder:
    package, thing = noted.item.package, noted.item.kind_item
    words = f"{package.kind.name_zh} · {thing.name_zh}"
    line = OrderLine(kind=thing.work, paid_by=PaidBy.PACKAGE, fen=0, description=words)
    number = f"U{noted.id}"
    package_orders.write(db, package, line, PACKAGE_USE, number, today=today, now=now)
    return line.order


def _forget_visit(db: Session, order_id: int | None) -> None:
    """A visit that never was leaves the history; nothing was earned on it."""
    order = db.get(ServiceOrder, order_id) if order_id else None
    if order is not None:
        for line in order.lines:
            db.delete(line)
        db.flush()
        db.delete(order)
        db.flush()
