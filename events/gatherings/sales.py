"""Emblems, plates and badges that are sold at the event, as a list; paid at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from events.gatherings.refusals import SaleRefused
from events.models import Event, Registration, RegistrationState, Sale, SaleItem
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_

MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as staff want it; with the `id` of one that stands, that one is changed."""

    name_zh: str
    price_fen: int
    stock: int | None = None
    name_en: str | None = None
    id: int | None = None


def items_of(db: Session, event_id: int) -> Sequence[SaleItem]:
    """What an event sells, in its order."""
    return db.scalars(
        select(SaleItem)
        .where(SaleItem.event_id == event_id)
        .order_by(SaleItem.position, SaleItem.id)
    ).all()


def set_items(
    db: Session, event: Event, lines: Sequence[ItemLine], *, by: int | None, now: datetime
) -> None:
    """What is for sale. An item that was sold stays; a changed price counts from now on."""
    stand = {one.id: one for one in items_of(db, event.id)}
    for position, line in enumerate(lines):
        item = stand.pop(line.id, None) if line.id is not None else None
        if item is None:
            item = SaleItem(event_id=event.id, sold=0)
            db.add(item)
        item.position, item.name_zh, item.name_en = position, line.name_zh, line.name_en
        item.price_fen, item.stock = line.price_fen, line.stock
    for gone in stand.values():
        if db.scalar(select(Sale.id).where(Sale.item_id == gone.id).limit(1)):
            raise SaleRefused(
                N_("“%(name)s” was sold already, so it stays on the list."), name=gone.name_zh
            )
        db.delete(gone)
    audit.record(db, "sale.items", "event", event.id, by=by, now=now, items=len(lines))
    db.flush()


def sell(
    db: Session,
    item: SaleItem,
    registration: Registration,
    count: int,
    *,
    request_id: str,
    by: int | None,
    now: datetime,
) -> Sale:
    """So many were paid. The stock is counted by one conditional update, so two desks never sell
    the last one twice; the same request twice is one sale."""
    found = db.scalar(select(Sale).where(Sale.request_id == request_id))
    if found is not None:
        return found
    if registration.event_id != item.event_id or registration.state != RegistrationState.CONFIRMED:
        raise SaleRefused(N_("This is sold to those who have a place at the event."))
    if not 1 <= count <= MOST_AT_ONCE:
        raise SaleRefused(N_("Please enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)
    if not _count(db, item, count):
        raise SaleRefused(N_("There are not that many left."))
    sale = Sale(
        request_id=request_id,
        item_id=item.id,
        registration_id=registration.id,
        count=count,
        price_fen=item.price_fen,
        sold_at=now,
    )
    db.add(sale)
    db.flush()
    audit.record(db, "sale.make", "sale", sale.id, by=by, now=now, count=count, item=item.id)
    db.flush()
    return sale


def undo(db: Session, sale: Sale, *, by: int | None, now: datetime) -> None:
    """It was a mistake: the goods are back, once."""
    struck = update(Sale).where(Sale.id == sale.id, Sale.undone_at.is_(None)).values(undone_at=now)
    if rows_changed(db, struck.execution_options(synchronize_session=False)) != 1:
        return
    db.refresh(sale)
    _count(db, sale.item, -sale.count)
    audit.record(db, "sale.undo", "sale", sale.id, by=by, now=now, count=sale.count)
    db.flush()


def _count(db: Session, item: SaleItem, count: int) -> bool:
    more = update(SaleItem).where(SaleItem.id == item.id).values(sold=SaleItem.sold + count)
    if count > 0:
        more = more.where(or_(SaleItem.stock.is_(None), SaleItem.sold + count <= SaleItem.stock))
    changed = rows_changed(db, more.execution_options(synchronize_session=False)) == 1
    db.refresh(item)
    return changed


def sales_of(db: Session, event_id: int) -> Sequence[Sale]:
    """What was sold, newest first."""
    return db.scalars(
        select(Sale)
        .join(SaleItem)
        .where(SaleItem.event_id == event_id)
        .options(
            joinedload(Sale.item),
            joinedload(Sale.registration).options(
                joinedload(Registration.owner), joinedload(Registration.vehicle)
            ),
        )
        .order_by(Sale.id.desc())
        .limit(500)
    ).all()


def taken_fen(db: Session, event_id: int) -> int:
    """What the sales brought, in fen."""
    total = db.scalar(
        select(func.sum(Sale.count * Sale.price_fen))
        .join(SaleItem)
        .where(SaleItem.event_id == event_id, Sale.undone_at.is_(None))
    )
    return int(total or 0)
