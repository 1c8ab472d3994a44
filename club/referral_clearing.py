"""A blocked referral that somebody lets through: with a reason, and by two where it brings much.

Nobody lets through what they are part of themselves, and nobody has brought themselves. From the
limit of adjustments on a second person with the same right confirms (R12).
"""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club import adjusting
from club.models import (
    AdjustmentState,
    Block,
    Referral,
    ReferralClearing,
    ReferralState,
)
from club.referral_credit import points_of
from club.referrals import FIRST, step
from foundation import audit, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Account


class NotBlocked(Refusal):
    """It is on its way already, or somebody was faster."""


class NotToBeLetThrough(Refusal):
    """One's own referral, or somebody who brought themselves."""


def let_through(
    db: Session, referral: Referral, *, reason: str, today: date, by: int, now: datetime
) -> ReferralClearing:
    """Open a blocked referral again at once, or put the wish before a second person."""
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the referral should count."))
    if referral.block is None or waiting_for(db, referral) is not None:
        raise NotBlocked(N_("This referral is not blocked any more, or waits for a colleague."))
    _refuse_own(db, referral, by)
    made = ReferralClearing(
        referral_id=referral.id,
        block=referral.block,
        reason=reason.strip()[: adjusting.LONGEST],
        asked_by_id=by,
        asked_at=now,
    )
    db.add(made)
    db.flush()
    audit.record(db, "referral.ask", "referral", referral.id, by=by, now=now, reason=made.reason)
    if points_of(db, referral.kind, on=today) < tunables.value(db, adjusting.SECOND_PERSON_FROM):
        _clear(db, referral, made, today=today, by=by, now=now)
    db.flush()
    return made


def confirm(db: Session, wish: ReferralClearing, *, today: date, by: int, now: datetime) -> None:
    """The second person agrees, and the referral is open again."""
    if by == wish.asked_by_id or not adjusting.may_adjust(db, by):
        raise adjusting.SecondPersonNeeded(
            N_("Another person with this right confirms what you asked for.")
        )
    _refuse_own(db, wish.referral, by)
    _clear(db, wish.referral, wish, today=today, by=by, now=now)


def refuse(db: Session, wish: ReferralClearing, *, reason: str, by: int, now: datetime) -> None:
    """The referral stays blocked; who asked may also take the wish back."""
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the referral stays blocked."))
    _decide(db, wish, AdjustmentState.REFUSED, by, now)
    wish.decided_why = reason.strip()[: adjusting.LONGEST]
    audit.record(db, "referral.refuse", "referral", wish.referral_id, by=by, now=now)
    db.flush()


def waiting_for(db: Session, referral: Referral) -> ReferralClearing | None:
    """The wish of a referral that waits for a second person."""
    return db.scalar(
        select(ReferralClearing).where(
            ReferralClearing.referral_id == referral.id,
            ReferralClearing.state == AdjustmentState.WAITING,
        )
    )


def _clear(
    db: Session, referral: Referral, wish: ReferralClearing, *, today: date, by: int, now: datetime
) -> None:
    """The block is lifted for good: what it said does not block this referral once more."""
    _decide(db, wish, AdjustmentState.CONFIRMED, by, now)
    opened = rows_changed(
        db,
        update(Referral)
        .where(Referral.id == referral.id, Referral.state == ReferralState.BLOCKED)
        .values(state=FIRST[referral.kind], block=None, cleared=wish.block),
    )
    db.refresh(referral)
    if not opened:
        raise NotBlocked(N_("This referral is not blocked any more, or waits for a colleague."))
    step(db, referral, referral.state, on=today, by=by, now=now)


def _decide(
    db: Session, wish: ReferralClearing, state: AdjustmentState, by: int, now: datetime
) -> None:
    won = rows_changed(
        db,
        update(ReferralClearing)
        .where(ReferralClearing.id == wish.id, ReferralClearing.state == AdjustmentState.WAITING)
        .values(state=state, decided_by_id=by, decided_at=now),
    )
    db.refresh(wish)
    if not won:
        raise adjusting.AlreadyDecided(N_("Somebody has decided this already."))


def _refuse_own(db: Session, referral: Referral, by: int) -> None:
    mine = db.scalar(select(Account.owner_id).where(Account.id == by))
    if referral.block is Block.SELF:
        raise NotToBeLetThrough(N_("Nobody has brought themselves; this cannot be let through."))
    if mine is not None and mine in (referral.referrer_id, referral.referred_id):
        raise NotToBeLetThrough(N_("A colleague has to decide on a referral of your own."))
