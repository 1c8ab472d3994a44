"""Points for bringing somebody: given once, by two where they are many, and taken back.

The state of the referral is changed by one conditional update before any point moves, so that a
job that runs twice, late or beside itself gives and takes once (R3); the cause of the entry
forbids the rest (R8).
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club import bonuses, ledger, referral_wishes, taking_back
from club.adjusting import SECOND_PERSON_FROM
from club.models import (
    Block,
    BonusKind,
    Referral,
    ReferralClearing,
    ReferralKind,
    ReferralState,
)
from club.referral_blocks import blocks_between
from club.referrals import owner_of_number, step
from foundation import tunables
from foundation.database import rows_changed
from foundation.words import N_
from members.memberships import is_member
from members.models import ServiceOrder

CAUSE = BonusKind.REFERRAL.value
REASON = N_("For bringing somebody to us")
MANY = N_("So many points wait for a second person.")
STANDS_DAYS = tunables.declare(
    "club.referral_days",
    14,
    N_("Days that a referred owner’s first order must stand before the points are given"),
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
        N_("Points for somebody’s first service order; 0 is as the rules say"),
        N_("points"),
    ),
    ReferralKind.CAR: tunables.declare(
        "club.referral_points_car",
        0,
        N_("Points for somebody’s new car; 0 is as the rules say"),
        N_("points"),
    ),
}


def points_of(db: Session, kind: ReferralKind, *, on: date) -> int:
    """What a referral of a kind brings: its own setting, else what the rules give for any."""
    own = tunables.value(db, POINTS[kind])
    return own or bonuses.points_for(db, BonusKind.REFERRAL, on=on)


def find_person(db: Session, referral: Referral) -> None:
    """The owner who has this number by now, unless somebody else brought them."""
    found = owner_of_number(db, referral.phone) if referral.phone else None
    if referral.referred_id is not None or found is None:
        return
    before = select(Referral.id).where(Referral.referred_id == found.id)
    if db.scalar(before.limit(1)) is None:
        referral.referred_id = found.id
        db.flush()


def kinds_with_own_points(db: Session) -> list[ReferralKind]:
    """The kinds whose points the settings say, so that the rules do not."""
    return [kind for kind, own in POINTS.items() if tunables.value(db, own)]


def credit(
    db: Session,
    referral: Referral,
    *,
    among: Collection[ReferralState],
    order: ServiceOrder | None,
    today: date,
    by: int | None,
    now: datetime,
    wish: ReferralClearing | None = None,
) -> bool:
    """Give the referrer their points, if the referral is still in one of these states.

    What came to light since it was noted, such as one address, blocks it now instead. Points from
    the limit of adjustments on wait for a second person, whose agreed `wish` gives them (R12).
    """
    if not is_member(db, referral.referrer_id):
        return False
    block = next((one for one, is_lifted in reasons(db, referral) if not is_lifted), None)
    if block is not None:
        return change_state(db, referral, among, ReferralState.BLOCKED, today, by, now, block=block)
    points = wish.points or 0 if wish else points_of(db, referral.kind, on=today)
    if wish is None and needs_two(db, points):
        return _ask(db, referral, among, points, by, now)
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
            second=wish.decided_by_id if wish else None,
            now=now,
        )
    return True


def needs_two(db: Session, points: int) -> bool:
    """Whether so many points are given by two people only."""
    return points >= tunables.value(db, SECOND_PERSON_FROM)


def reasons(db: Session, referral: Referral) -> list[tuple[Block, bool]]:
    """All that stands between the two now, and whether it was let through."""
    if referral.referred_id is None:
        return []
    lifted = referral_wishes.lifted(db, referral)
    found = blocks_between(db, referral.referrer_id, referral.referred_id)
    return [(block, block in lifted) for block in found]


def _ask(
    db: Session,
    referral: Referral,
    among: Collection[ReferralState],
    points: int,
    by: int | None,
    now: datetime,
) -> bool:
    """Put the points before a second person, once."""
    hold = select(Referral.id).where(Referral.id == referral.id, Referral.state.in_(among))
    if db.scalar(hold.with_for_update()) is None:
        return False
    if referral_wishes.waiting_for(db, referral) is None:
        referral_wishes.put(db, referral, block=None, reason=MANY, by=by, now=now, points=points)
    return True


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
