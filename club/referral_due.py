"""The daily look at referrals: whose points are due, and whose were refunded since (R3, R5).

People bring points after their first order that stood, cars once a file tells of the delivery.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from club.first_orders import paid_by, still_paid
from club.models import Referral, ReferralKind, ReferralState
from club.referral_credit import STANDS_DAYS, credit, find_person, take_back
from club.referral_deliveries import delivers, delivery_to
from foundation import tunables
from members.models import ServiceOrder

AT_ONCE = 200
OPEN = (ReferralState.WAITING, ReferralState.TAKEN_BACK)
LEADS = (ReferralState.LEAD, ReferralState.VISIT, ReferralState.ORDER)


def find_people(db: Session, *, after: int) -> int | None:
    """Give those noted by their number their archive, once there is one; the last id, or None."""
    open_to = (Referral.referred_id.is_(None), Referral.state != ReferralState.BLOCKED)
    return _each(db, after, open_to, lambda one: find_person(db, one))


def credit_due(db: Session, *, today: date, now: datetime, after: int) -> int | None:
    """Give the points of the next referrals whose first order stood; the last id, or None."""
    stood = today - timedelta(days=tunables.value(db, STANDS_DAYS))
    orders = (
        select(func.min(ServiceOrder.serviced_on))
        .where(paid_by(Referral.referred_id), ServiceOrder.serviced_on >= Referral.began_on)
        .correlate(Referral)
        .scalar_subquery()
    )
    due = (Referral.state.in_(OPEN), Referral.kind != ReferralKind.CAR, orders <= stood)

    def give(referral: Referral) -> None:
        order = first_order(db, referral, stood)
        if order is not None:
            credit(db, referral, among=OPEN, order=order, today=today, by=None, now=now)

    return _each(db, after, due, give)


def credit_deliveries(db: Session, *, today: date, now: datetime, after: int) -> int | None:
    """Give the points of the next cars that a file tells were delivered; the last id, or None.

    A delivery that was noted by hand before learns its order, which may still come back.
    """
    told = (
        exists()
        .where(
            ServiceOrder.owner_id == Referral.referred_id,
            ServiceOrder.serviced_on >= Referral.began_on,
            ServiceOrder.serviced_on <= today,
            delivers(ServiceOrder.id),
        )
        .correlate(Referral)
    )
    by_hand = (Referral.state == ReferralState.CREDITED) & Referral.order_id.is_(None)
    due = (Referral.kind == ReferralKind.CAR, Referral.state.in_(LEADS) | by_hand, told)

    def give(referral: Referral) -> None:
        order = delivery_to(db, referral, until=today)
        if referral.state is ReferralState.CREDITED:
            referral.order_id = order.id if order else None
        else:
            credit(db, referral, among=LEADS, order=order, today=today, by=None, now=now)

    return _each(db, after, due, give)


def take_back_due(db: Session, *, today: date, now: datetime, after: int) -> int | None:
    """Take the points of orders back that were refunded since, and of cars that came back; the
    last id, or None."""
    is_car = Referral.kind == ReferralKind.CAR
    gone = (is_car & ~delivers(Referral.order_id)) | (~is_car & ~still_paid(Referral.order_id))
    due = (Referral.state == ReferralState.CREDITED, Referral.order_id.is_not(None), gone)

    def take(referral: Referral) -> None:
        car = referral.kind is ReferralKind.CAR
        into = ReferralState.ORDER if car else ReferralState.TAKEN_BACK
        take_back(db, referral, into, today=today, by=None, now=now)

    return _each(db, after, due, take)


def first_order(db: Session, referral: Referral, until: date) -> ServiceOrder | None:
    """The first order of who was brought that still stands, up to a day."""
    return db.scalars(
        select(ServiceOrder)
        .join(Referral, Referral.id == referral.id)
        .where(
            paid_by(Referral.referred_id),
            ServiceOrder.serviced_on >= referral.began_on,
            ServiceOrder.serviced_on <= until,
        )
        .order_by(ServiceOrder.serviced_on, ServiceOrder.id)
        .limit(1)
    ).first()


def _each(
    db: Session,
    after: int,
    due: Sequence[ColumnElement[bool]],
    act: Callable[[Referral], object],
) -> int | None:
    query = select(Referral).where(Referral.id > after, *due).order_by(Referral.id).limit(AT_ONCE)
    rows = db.scalars(query).all()
    for referral in rows:
        act(referral)
    db.flush()
    return rows[-1].id if len(rows) == AT_ONCE else None
