"""Did the club pay? What members spend beside others and beside themselves before they joined,
and what the club costs. Comparisons of people who chose to join are no proof; the page says so.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    distinct,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from club.benefit_figures import used
from club.models import AgreedPrice, OfferUse, QuoteState, TillQuote, VoucherUse
from foundation.clock import add_months, end_of, start_of
from foundation.periods import Period
from members.models import (
    PACKAGE_SALE,
    Membership,
    OrderKind,
    OrderLine,
    Owner,
    PaidBy,
    ServiceOrder,
)

COHORTS, YEAR = 12, 12


@dataclass(frozen=True, slots=True)
class Spenders:
    """Owners with an order in a period: how many, their visits, what they paid net, in fen."""

    owners: int = 0
    visits: int = 0
    fen: int = 0

    @property
    def each_fen(self) -> int:
        """What one of them paid, on average."""
        return self.fen // self.owners if self.owners else 0

    @property
    def visits_each_100(self) -> int:
        """Visits of a hundred of them."""
        return 100 * self.visits // self.owners if self.owners else 0


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """People who joined: what they paid and how often they came in the year before the month of
    joining, and in the year after it."""

    people: int = 0
    before_fen: int = 0
    after_fen: int = 0
    before_visits: int = 0
    after_visits: int = 0

    def and_(self, other: "BeforeAfter") -> "BeforeAfter":
        return BeforeAfter(
            self.people + other.people,
            self.before_fen + other.before_fen,
            self.after_fen + other.after_fen,
            self.before_visits + other.before_visits,
            self.after_visits + other.after_visits,
        )


@dataclass(frozen=True, slots=True)
class Costs:
    """What the club gave in a period, in fen. Points count when they pay at the till; points for
    a reward count as the voucher that they brought."""

    points: int
    vouchers: int
    discounts: int
    benefits: int
    partners: int

    @property
    def total(self) -> int:
        return self.points + self.vouchers + self.discounts + self.benefits + self.partners


def members_and_others(db: Session, period: Period) -> tuple[Spenders, Spenders]:
    """Who was a member on the day of the order, and everybody else."""
    each = _spend_of_owners(period)
    sides = [
        *(func.count(case((each.c.mine_visits > 0, 1))), func.sum(each.c.mine_visits)),
        *(func.sum(each.c.mine_fen), func.count(case((each.c.other_visits > 0, 1)))),
        *(func.sum(each.c.other_visits), func.sum(each.c.other_fen)),
    ]
    row = [int(one or 0) for one in db.execute(select(*sides)).one()]
    return Spenders(*row[:3]), Spenders(*row[3:])


def _spend_of_owners(period: Period) -> Subquery:
    """Per owner, as member and otherwise: visits and fen. Goes from owner to owner, so that every
    step reads an index in its order."""
    mine = and_(
        Membership.joined_on <= ServiceOrder.serviced_on,
        or_(Membership.left_on.is_(None), Membership.left_on > ServiceOrder.serviced_on),
    )
    return (
        select(
            func.sum(case((mine, OrderLine.fen))).label("mine_fen"),
            func.sum(case((mine, None), else_=OrderLine.fen)).label("other_fen"),
            func.count(distinct(case((mine, _visit())))).label("mine_visits"),
            func.count(distinct(case((mine, None), else_=_visit()))).label("other_visits"),
        )
        .select_from(Owner)
        .outerjoin(Membership, Membership.owner_id == Owner.id)
        .outerjoin(
            ServiceOrder,
            and_(
                ServiceOrder.owner_id == Owner.id,
                ServiceOrder.serviced_on.between(period.first, period.last),
            ),
        )
        .outerjoin(
            OrderLine,
            and_(OrderLine.order_id == ServiceOrder.id, _paid_for_work()),
        )
        .group_by(Owner.id)
        .subquery()
    )


def cohort_months(today: date) -> tuple[date, date]:
    """The first and the last month of joining whose year after is over by now."""
    last = add_months(today.replace(day=1), -YEAR - 1)
    return add_months(last, 1 - COHORTS), last


def before_and_after(db: Session, *, today: date) -> tuple[BeforeAfter, BeforeAfter]:
    """All who joined in those months, and of them those who had come in the year before."""
    all_, known = BeforeAfter(), BeforeAfter()
    first, _last = cohort_months(today)
    for number in range(COHORTS):
        rows = db.execute(_cohort(add_months(first, number))).all()
        for came_before, *sums in rows:
            found = BeforeAfter(*(int(one or 0) for one in sums))
            all_ = all_.and_(found)
            known = known.and_(found) if came_before else known
    return all_, known


def costs(db: Session, period: Period, *, zone: ZoneInfo) -> Costs:
    """What the club gave in a period."""
    applied = and_(
        TillQuote.state == QuoteState.APPLIED,
        TillQuote.applied_at >= start_of(period.first, zone),
        TillQuote.applied_at < end_of(period.last, zone),
    )
    points, reduced = db.execute(
        select(func.sum(TillQuote.points_fen), func.sum(TillQuote.discount_fen)).where(applied)
    ).one()
    return Costs(
        points=int(points or 0),
        vouchers=_sum(db, VoucherUse.fen, VoucherUse, period),
        discounts=int(reduced or 0) - _agreed_fen(db, applied),
        benefits=sum(one.fen for one in used(db, period.first, period.last)),
        partners=_sum(db, OfferUse.pays_fen, OfferUse, period),
    )


def _agreed_fen(db: Session, applied: ColumnElement[bool]) -> int:
    """What agreed prices took off: a company's terms of trade, no discount that the club gives."""
    agreed = TillQuote.owner_id.in_(select(AgreedPrice.owner_id))
    quotes = db.scalars(select(TillQuote.lines).where(applied, TillQuote.discount_fen > 0, agreed))
    return sum(one["discount_fen"] for lines in quotes for one in lines if one["agreed"])


def _sum(db: Session, what: Any, table: Any, period: Period) -> int:
    days = table.used_on.between(period.first, period.last)
    return int(db.scalar(select(func.sum(what)).where(days, table.undone_at.is_(None))) or 0)


def _paid_for_work() -> ColumnElement[bool]:
    """What the owner paid at the workshop: the price of a car and what comes back of it is not."""
    car = aliased(OrderLine)
    of_car = exists().where(car.id == OrderLine.refund_of_id, car.kind == OrderKind.DELIVERY)
    return and_(
        OrderLine.paid_by == PaidBy.OWNER,
        OrderLine.kind.is_distinct_from(OrderKind.DELIVERY),
        or_(OrderLine.refund_of_id.is_(None), ~of_car),
    )


def _visit() -> ColumnElement[Any]:
    """An order's id, unless the line only gives back, or sells a package that no car came for."""
    came = and_(OrderLine.fen >= 0, ServiceOrder.source != PACKAGE_SALE)
    return case((came, ServiceOrder.id))


def _cohort(month: date) -> Select[Any]:
    """Who joined in a month, by whether they came in the year before: people, fen and visits."""
    follows = add_months(month, 1)
    before = ServiceOrder.serviced_on < month
    after = ServiceOrder.serviced_on >= follows
    each = (
        select(
            Membership.owner_id,
            func.sum(case((before, OrderLine.fen), else_=0)).label("before_fen"),
            func.sum(case((after, OrderLine.fen), else_=0)).label("after_fen"),
            func.count(distinct(case((before, _visit())))).label("before_visits"),
            func.count(distinct(case((after, _visit())))).label("after_visits"),
        )
        .outerjoin(
            ServiceOrder,
            and_(
                ServiceOrder.owner_id == Membership.owner_id,
                ServiceOrder.serviced_on >= add_months(month, -YEAR),
                ServiceOrder.serviced_on < add_months(follows, YEAR),
            ),
        )
        .outerjoin(
            OrderLine,
            and_(OrderLine.order_id == ServiceOrder.id, _paid_for_work()),
        )
        .where(Membership.joined_on.between(month, follows - timedelta(days=1)))
        .group_by(Membership.owner_id)
        .subquery()
    )
    came = case((each.c.before_visits > 0, 1), else_=0)
    sums = (each.c.before_fen, each.c.after_fen, each.c.before_visits, each.c.after_visits)
    return select(came, func.count(), *(func.sum(one) for one in sums)).group_by(came)
