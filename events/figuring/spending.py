"""What members spent at the workshop before and after an event. Who comes to events may be who
spends more anyway: a comparison proves nothing by itself, and the page says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from events.figuring import people
from events.models import Event
from foundation import clock
from members.models import OrderKind, OrderLine, PaidBy, ServiceOrder

DAYS = 90
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spans:
    """The shop's days that are compared, both ends included. While fewer than 90 days have
    passed since, as many are taken before; the event's own days are in neither."""

    days: int
    first: date
    last: date

    @property
    def before(self) -> tuple[date, date]:
        return self.first - timedelta(days=self.days), self.first - A_DAY

    @property
    def after(self) -> tuple[date, date]:
        return self.last + A_DAY, self.last + timedelta(days=self.days)

    @property
    def full_on(self) -> date:
        """The first day on which all 90 days are over."""
        return self.last + timedelta(days=DAYS + 1)


@dataclass(frozen=True, slots=True)
class Spent:
    """A group of members: what they paid net in fen, and how many of them
    paid for something."""

    people: int = 0
    before_fen: int = 0
    after_fen: int = 0
    before_payers: int = 0
    after_payers: int = 0

    def each(self, fen: int) -> int | None:
        """What one of them paid, on average."""
        return round(fen / self.people) if self.people else None


@dataclass(frozen=True, slots=True)
class Compared:
    """Who came, and who was invited and did not."""

    spans: Spans
    came: Spent
    stayed_away: Spent


def spans(event: Event, *, today: date) -> Spans:
    """What can be compared today; 0 days while no day after the event is over."""
    zone = event.shop.zone
    first, last = clock.shop_day(event.starts_at, zone), clock.shop_day(event.ends_at, zone)
    return Spans(max(0, min(DAYS, (today - last).days - 1)), first, last)


def compare(db: Session, event: Event, *, now: datetime) -> Compared | None:
    """The two groups, as soon as a day after the event is over and somebody was checked in."""
    span = spans(event, today=clock.shop_day(now, event.shop.zone))
    if not span.days or not people.door_was_used(db, event):
        return None
    found = _groups(db, event, span)
    return Compared(span, found.get(1, Spent()), found.get(0, Spent()))


def _groups(db: Session, event: Event, span: Spans) -> dict[int, Spent]:
    """By 1 for who came and 0 for who was invited and did not."""
    each = people.everybody(event.id)
    before = ServiceOrder.serviced_on.between(*span.before)
    after = ServiceOrder.serviced_on.between(*span.after)
    rows = db.execute(
        select(
            each.c.came,
            func.count(distinct(each.c.owner_id)),
            func.coalesce(func.sum(case((before, OrderLine.fen))), 0),
            func.coalesce(func.sum(case((after, OrderLine.fen))), 0),
            func.count(distinct(case((before, _paid_something())))),
            func.count(distinct(case((after, _paid_something())))),
        )
        .outerjoin(ServiceOrder, and_(ServiceOrder.owner_id == each.c.owner_id, or_(before, after)))
        .outerjoin(OrderLine, and_(OrderLine.order_id == ServiceOrder.id, _counts()))
        .where(or_(each.c.came == 1, each.c.invited == 1))
        .group_by(each.c.came)
    )
    return {came: Spent(*(int(one) for one in sums)) for came, *sums in rows}


def _counts() -> ColumnElement[bool]:
    """What the owner paid, without the price of a car."""
    is_car = OrderLine.kind == OrderKind.DELIVERY
    return and_(OrderLine.paid_by == PaidBy.OWNER, or_(OrderLine.kind.is_(None), ~is_car))


def _paid_something() -> ColumnElement[int | None]:
    """The owner of a line that is no refund."""
    return case((OrderLine.fen > 0, ServiceOrder.owner_id))
