"""Points for bringing somebody: after their first order that stood, and back when it did not.

The state of the referral is changed by one conditional update before any point moves, so that a
job that runs twice, late or beside itself gives and takes once (R3); the cause of the entry
forbids the rest (R8).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from club import bonuses, ledger, taking_back
from club.first_orders import paid_by, still_paid
from club.models import Block, BonusKind, Referral, ReferralKind, ReferralState
from club.referral_blocks import block_between
from club.referrals import owner_of_number, step
from foundation import tunables
from foundation.database import rows_changed
from foundation.words import N_
from members.memberships import is_member
from members.models import ServiceOrder

CAUSE = BonusKind.REFERRAL.value
REASON = N_("For bringing somebody to us")
AT_ONCE = 200
OPEN = (ReferralState.WAITING, ReferralState.TAKEN_BACK)
STANDS_DAYS = tunables.declare(
    "club.referral_days",
    14,
    N_("Days that a referred owner's first order must stand before the points are given"),
    N_("days"),
    0,
    365,
)
POINTS = {
    ReferralKind.CLUB: tunables.declare(
        "club.referral_points_club",
        0,
        N_("Points for somebody who joined the club; 0 is as the rules say"),
        N_("points"),
    ),
    ReferralKind.SERVICE: tunables.declare(
        "club.referral_points_service",
        0,
        N_("Points for somebody's first service order; 0 is as the rules say"),
        N_("points"),
    ),
    ReferralKind.CAR: tunables.declare(
        "club.referral_points_car",
        0,
        N_("Points for somebody's new car; 0 is as the rules say"),
        N_("points"),
    ),
}


def points_of(db: Session, kind: ReferralKind, *, on: date) -> int:
    """What a referral of a kind brings: its own setting, else what the rules give for any."""
    own = tunables.value(db, POINTS[kind])
    return own or bonuses.points_for(db, BonusKind.REFERRAL, on=on)


def find_people(db: Session, *, after: int, most: int = AT_ONCE) -> int | None:
    """Give those noted by their number their archive, once there is one; the last id, or None."""
    rows = db.scalars(
        select(Referral)
        .where(
            Referral.id > after,
            Referral.referred_id.is_(None),
            Referral.state != ReferralState.BLOCKED,
        )
        .order_by(Referral.id)
        .limit(most)
    ).all()
    for referral in rows:
        find_person(db, referral)
    return rows[-1].id if len(rows) == most else None


def find_person(db: Session, referral: Referral) -> None:
    """The owner who has this number by now, unless somebody else brought them."""
    found = owner_of_number(db, referral.phone) if referral.phone else None
    if referral.referred_id is not None or found is None:
        return
    before = select(Referral.id).where(Referral.referred_id == found.id)
    if db.scalar(before.limit(1)) is None:
        referral.referred_id = found.id
        db.flush()


def credit_due(
    db: Session, *, today: date, now: datetime, after: int = 0, most: int = AT_ONCE
) -> int | None:
    """Give the points of the next referrals whose first order stood; the last id, or None."""
    stood = today - timedelta(days=tunables.value(db, STANDS_DAYS))
    orders = (
        select(func.min(ServiceOrder.serviced_on))
        .where(paid_by(Referral.referred_id), ServiceOrder.serviced_on >= Referral.began_on)
        .correlate(Referral)
        .scalar_subquery()
    )
    rows = db.scalars(
        select(Referral)
        .where(
            Referral.id > after,
            Referral.state.in_(OPEN),
            Referral.kind != ReferralKind.CAR,
            orders <= stood,
        )
        .order_by(Referral.id)
        .limit(most)
    ).all()
    for referral in rows:
        order = _first_order(db, referral, stood)
        if order is not None:
            credit(db, referral, among=OPEN, order=order, today=today, by=None, now=now)
    return rows[-1].id if len(rows) == most else None


def credit(
    db: Session,
    referral: Referral,
    *,
    among: Collection[ReferralState],
    order: ServiceOrder | None,
    today: date,
    by: int | None,
    now: datetime,
) -> bool:
    """Give the referrer their points, if the referral is still in one of these states.

    What came to light since it was noted, such as one address, blocks it now instead.
    """
    if not is_member(db, referral.referrer_id):
        return False
    block = _block(db, referral)
    if block is not None and block is not referral.cleared:
        return change_state(db, referral, among, ReferralState.BLOCKED, today, by, now, block=block)
    points = points_of(db, referral.kind, on=today)
    cause = taking_back.turn_of(db, referral.referrer_id, CAUSE, str(referral.id))
    order_id = order.id if order is not None else None
    values = {"order_id": order_id, "points": points, "cause_id": cause}
    if not change_state(db, referral, among, ReferralState.CREDITED, today, by, now, **values):
        return False
    if points:
        ledger.give_bonus(
            db,
            referral.referrer_id,
            points,
            cause_kind=CAUSE,
            cause_id=cause,
            reason=REASON,
            on=today,
            by=by,
            now=now,
        )
    return True


def take_back_due(
    db: Session, *, today: date, now: datetime, after: int = 0, most: int = AT_ONCE
) -> int | None:
    """Take the points of orders back that were refunded since; the last id, or None."""
    rows = db.scalars(
        select(Referral)
        .where(
            Referral.id > after,
            Referral.state == ReferralState.CREDITED,
            Referral.order_id.is_not(None),
            ~still_paid(Referral.order_id),
        )
        .order_by(Referral.id)
        .limit(most)
    ).all()
    for referral in rows:
        take_back(db, referral, ReferralState.TAKEN_BACK, today=today, by=None, now=now)
    return rows[-1].id if len(rows) == most else None


def take_back(
    db: Session,
    referral: Referral,
    into: ReferralState,
    *,
    today: date,
    by: int | None,
    now: datetime,
) -> bool:
    """What was given goes again, once; the referral is open to another order."""
    if not change_state(db, referral, (ReferralState.CREDITED,), into, today, by, now, points=0):
        return False
    if referral.cause_id is not None:
        taking_back.take_back(
            db,
            referral.referrer_id,
            cause_kind=CAUSE,
            cause_id=referral.cause_id,
            on=today,
            by=by,
            now=now,
        )
    return True


def change_state(
    db: Session,
    referral: Referral,
    among: Collection[ReferralState],
    state: ReferralState,
    today: date,
    by: int | None,
    now: datetime,
    **values: object,
) -> bool:
    """Whether this caller is the one that brought the referral from there to here."""
    db.flush()
    change = (
        update(Referral)
        .where(Referral.id == referral.id, Referral.state.in_(among))
        .values(state=state, **values)
    )
    won = rows_changed(db, change) == 1
    db.refresh(referral)
    if won:
        step(db, referral, state, on=today, by=by, now=now)
    return won


def _first_order(db: Session, referral: Referral, until: date) -> ServiceOrder | None:
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


def _block(db: Session, referral: Referral) -> Block | None:
    if referral.referred_id is None:
        return None
    return block_between(db, referral.referrer_id, referral.referred_id)
