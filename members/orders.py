"""Service orders as other systems tell them: each line recorded once, changes seen (R8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from foundation.refusals import Refusal
from foundation.words import N_
from members.models import OrderKind, OrderLine, Owner, PaidBy, ServiceOrder

Outcome = Literal["created", "changed", "unchanged"]
LINE_FIELDS = ("fen", "kind", "paid_by", "description", "brand", "quantity")
PLAIN_FIELDS = {"description", "brand"}
ORDER_FIELDS = ("mileage_km", "content", "vehicle_id")


class OtherOwner(Refusal):
    """The order is known as another owner's."""


class OwnerErased(Refusal):
    """The order is of somebody who left: an old file brings nobody back (R63)."""


class OtherDay(Refusal):
    """The order is known with another service day."""


class RefundOfUnknown(Refusal):
    """The refund names an order line that nobody knows."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One order line as a row tells it; None is what the row does not tell.

    `refund_of` names the external id of the order that a negative line takes back, and its line.
    """

    external_id: str
    line_no: int
    serviced_on: date
    fen: int
    owner_id: int
    vehicle_id: int | None = None
    kind: OrderKind | None = None
    paid_by: PaidBy | None = None
    description: str | None = None
    mileage_km: int | None = None
    content: str | None = None
    brand: str | None = None
    quantity: int | None = None
    refund_of: tuple[str, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The line and whether it is new; `before_fen` is what a changed line was worth."""

    line: OrderLine
    outcome: Outcome
    before_fen: int | None = None
    reprices: bool = False
    """Whether what changed bears on points: amount, pieces, kind, who paid, the refund's link."""


def of_the_erased(db: Session, source: str, external_ids: Collection[str]) -> set[str]:
    """Those of many orders whose owner left the club and was erased."""
    found = (
        select(ServiceOrder.external_id)
        .join(Owner, Owner.id == ServiceOrder.owner_id)
        .where(
            ServiceOrder.source == source,
            ServiceOrder.external_id.in_(external_ids),
            Owner.erased_at.is_not(None),
        )
    )
    return set(db.scalars(found))


class OrderShelf:
    """The orders of one source that a part of a file may speak of, read once."""

    def __init__(self, db: Session, source: str, shop_id: int, external_ids: Collection[str]):
        self.db, self.source, self.shop_id = db, source, shop_id
        query = (
            select(ServiceOrder)
            .where(ServiceOrder.source == source, ServiceOrder.external_id.in_(external_ids))
            .options(selectinload(ServiceOrder.lines))
        )
        self.orders = {order.external_id: order for order in db.scalars(query)}

    def check(self, facts: LineFacts) -> None:
        """Refuse what would move a known order to another owner or day: a person decides that."""
        order = self.orders.get(facts.external_id)
        if order is None:
            return
        if order.owner_id != facts.owner_id:
            raise OtherOwner(
                N_("Order %(order)s is known as another owner’s."), order=facts.external_id
            )
        if order.serviced_on != facts.serviced_on:
            raise OtherDay(
                N_("Order %(order)s is known with the day %(day)s."),
                order=facts.external_id,
                day=order.serviced_on.isoformat(),
            )

    def record(self, facts: LineFacts, *, now: datetime) -> Recorded:
        """Add the line, change it where the row tells otherwise, or leave it alone."""
        self.check(facts)
        refunded = self._refunded(facts)
        order = self.orders.get(facts.external_id) or self._new_order(facts, now)
        touched = _update(order, facts, ORDER_FIELDS)
        line = next((each for each in order.lines if each.line_no == facts.line_no), None)
        if line is None:
            return Recorded(_new_line(order, facts, refunded), "created")
        before = line.fen
        relinked = refunded is not None and line.refund_of_id != refunded.id
        if relinked and refunded is not None:
            line.refund_of_id = refunded.id
        changed = _update(line, facts, LINE_FIELDS)
        if not (touched or changed or relinked):
            return Recorded(line, "unchanged")
        reprices = relinked or bool(set(changed) - PLAIN_FIELDS)
        return Recorded(line, "changed", before, reprices)

    def _refunded(self, facts: LineFacts) -> OrderLine | None:
        if facts.refund_of is None:
            return None
        external_id, line_no = facts.refund_of
        order = self.orders.get(external_id)
        lines: Sequence[OrderLine] = order.lines if order else ()
        found = [line for line in lines if line_no in (None, line.line_no) and line.fen >= 0]
        if order is None or order.owner_id != facts.owner_id or len(found) != 1:
            raise RefundOfUnknown(
                N_("It is the refund of %(order)s, of which no such line is known."),
                order=external_id,
            )
        if found[0].id is None:
            self.db.flush()
        return found[0]

    def _new_order(self, facts: LineFacts, now: datetime) -> ServiceOrder:
        order = ServiceOrder(
            shop_id=self.shop_id,
            source=self.source,
            external_id=facts.external_id,
            owner_id=facts.owner_id,
            serviced_on=facts.serviced_on,
            recorded_at=now,
            lines=[],
        )
        self.db.add(order)
        self.orders[facts.external_id] = order
        return order


def _new_line(order: ServiceOrder, facts: LineFacts, refunded: OrderLine | None) -> OrderLine:
    line = OrderLine(
        line_no=facts.line_no,
        kind=facts.kind,
        paid_by=facts.paid_by or PaidBy.OWNER,
        fen=facts.fen,
        description=facts.description,
        brand=facts.brand,
        quantity=facts.quantity,
        refund_of_id=refunded.id if refunded else None,
    )
    order.lines.append(line)
    return line


def _update(thing: object, facts: LineFacts, fields: Collection[str]) -> list[str]:
    """Take over what the row tells; the names of what became different."""
    changed = []
    for field in fields:
        told = getattr(facts, field)
        if told is not None and getattr(thing, field) != told:
            setattr(thing, field, told)
            changed.append(field)
    return changed
