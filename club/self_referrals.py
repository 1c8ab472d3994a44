"""Who brought themselves: two archives turn out to be one person, and perhaps two again (R13)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from club import ledger, taking_back
from club.models import Block, Referral, ReferralState
from club.referral_credit import CAUSE, REASON, change_state

Stood = dict[str, Any]
"""How a referral stood, in values that JSON can hold; `taken` are the points that went again."""


def block_between_both(
    db: Session, one_id: int, other_id: int, *, today: date, by: int | None, now: datetime
) -> list[Stood]:
    """Block every referral of the one by the other, its points taken back; how each stood."""
    both = or_(
        (Referral.referrer_id == one_id) & (Referral.referred_id == other_id),
        (Referral.referrer_id == other_id) & (Referral.referred_id == one_id),
    )
    rows = db.scalars(
        select(Referral)
        .where(both, Referral.state != ReferralState.BLOCKED)
        .order_by(Referral.id)
        .with_for_update()
    ).all()
    return [_block(db, referral, today, by, now) for referral in rows]


def open_again(
    db: Session, stood: Iterable[Stood], *, today: date, by: int | None, now: datetime
) -> None:
    """The two are not one: each referral stands as it did, with the points that were taken."""
    for one in stood:
        referral = db.get_one(Referral, one["id"])
        cause = taking_back.turn_of(db, referral.referrer_id, CAUSE, str(referral.id))
        values = {"block": None, "points": one["points"]}
        if one["taken"]:
            values["cause_id"] = cause
        state = next(each for each in ReferralState if each.value == one["state"])
        blocked = (ReferralState.BLOCKED,)
        back = change_state(db, referral, blocked, state, today, by, now, **values)
        if back and one["taken"]:
            ledger.give_bonus(
                db,
                referral.referrer_id,
                one["taken"],
                cause_kind=CAUSE,
                cause_id=cause,
                reason=REASON,
                on=today,
                by=by,
                now=now,
            )


def _block(db: Session, referral: Referral, today: date, by: int | None, now: datetime) -> Stood:
    stood = {"id": referral.id, "state": referral.state.value, "points": referral.points}
    credited, cause = referral.state is ReferralState.CREDITED, referral.cause_id
    values = {"block": Block.SELF, "points": 0}
    change_state(db, referral, (referral.state,), ReferralState.BLOCKED, today, by, now, **values)
    taken = None
    if credited and cause is not None:
        taken = taking_back.take_back(
            db, referral.referrer_id, cause_kind=CAUSE, cause_id=cause, on=today, by=by, now=now
        )
    return {**stood, "taken": -taken.points if taken else 0}
