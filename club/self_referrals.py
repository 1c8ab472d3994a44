"""Two archives turn out to be one person, and perhaps two again: who brought themselves, and who
was brought under both (R13)."""

from collections.abc import Iterable, Sequence
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
    return [_block(db, referral, Block.SELF, today, by, now) for referral in rows]


def keep_the_first(
    db: Session, kept_id: int, gone_id: int, *, today: date, by: int | None, now: datetime
) -> list[Stood]:
    """Of two who brought one person the first counts, as had the archives been one from the
    beginning: also where it was blocked and brings nothing. The other's referral is blocked, its
    points are taken back, and it stays with the archive that goes; how both stood."""
    rows = db.scalars(
        select(Referral)
        .where(Referral.referred_id.in_((kept_id, gone_id)))
        .order_by(Referral.began_on, Referral.id)
        .with_for_update()
    ).all()
    if len(rows) < 2:
        return []
    second = rows[1]
    stood: list[Stood] = [{"id": one.id, "referred": one.referred_id} for one in rows]
    if second.state is not ReferralState.BLOCKED:
        stood[1] |= _block(db, second, Block.TWICE, today, by, now)
    _name(db, rows, (kept_id, gone_id))
    return stood


def bring_both_again(
    db: Session, stood: Sequence[Stood], *, today: date, by: int | None, now: datetime
) -> None:
    """The two are not one: each was brought by whoever brought them."""
    rows = [db.get_one(Referral, one["id"]) for one in stood]
    _name(db, rows, [one["referred"] for one in stood])
    blocked = [one for one in stood if "state" in one]
    open_again(db, blocked, today=today, by=by, now=now)


def _name(db: Session, rows: Sequence[Referral], owner_ids: Sequence[int]) -> None:
    """Let each referral name its owner; no two name one, not for a moment."""
    for one in rows:
        one.referred_id = None
    db.flush()
    for one, owner_id in zip(rows, owner_ids, strict=True):
        one.referred_id = owner_id
    db.flush()


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


def _block(
    db: Session, referral: Referral, why: Block, today: date, by: int | None, now: datetime
) -> Stood:
    stood = {"id": referral.id, "state": referral.state.value, "points": referral.points}
    credited, cause = referral.state is ReferralState.CREDITED, referral.cause_id
    values = {"block": why, "points": 0}
    change_state(db, referral, (referral.state,), ReferralState.BLOCKED, today, by, now, **values)
    taken = None
    if credited and cause is not None:
        taken = taking_back.take_back(
            db, referral.referrer_id, cause_kind=CAUSE, cause_id=cause, on=today, by=by, now=now
        )
    return {**stood, "taken": -taken.points if taken else 0}
