"""A referral that staff let through or whose many points they agree to, with a reason, by two.

Nobody decides on what they are part of themselves, and nobody has brought themselves. From the
limit of adjustments on a second person with the same right confirms (R12).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club import adjusting, referral_credit, referral_wishes
from club.models import (
    AdjustmentState,
    Block,
    Referral,
    ReferralClearing,
    ReferralKind,
    ReferralState,
)
from club.referral_deliveries import delivery_to
from club.referral_due import LEADS, OPEN, first_order
from club.referrals import FIRST, step
from foundation import audit, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Account, ServiceOrder


class NotBlocked(Refusal):
    """It is on its way already, or somebody was faster."""


class NotToBeLetThrough(Refusal):
    """One's own referral, or somebody who brought themselves."""


class NothingDue(Refusal):
    """What would have brought the points is gone since."""


def let_through(
    db: Session, referral: Referral, *, reason: str, today: date, by: int, now: datetime
) -> ReferralClearing:
    """Open a blocked referral again at once, or put the wish before a second person."""
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the referral should count."))
    if referral.block is None or referral_wishes.waiting_for(db, referral) is not None:
        raise NotBlocked(N_("This referral is not blocked any more, or waits for a colleague."))
    _refuse_own(db, referral, by)
    made = referral_wishes.put(db, referral, block=referral.block, reason=reason, by=by, now=now)
    points = referral_credit.points_of(db, referral.kind, on=today)
    if not referral_credit.needs_two(db, points):
        _clear(db, referral, made, today=today, by=by, now=now)
    db.flush()
    return made


def confirm(db: Session, wish: ReferralClearing, *, today: date, by: int, now: datetime) -> None:
    """The second person agrees: the referral is open again, or its points are given."""
    if by == wish.asked_by_id or not adjusting.may_adjust(db, by):
        raise adjusting.SecondPersonNeeded(
            N_("Another person with this right confirms what you asked for.")
        )
    _refuse_own(db, wish.referral, by)
    if wish.block is not None:
        _clear(db, wish.referral, wish, today=today, by=by, now=now)
    else:
        _give(db, wish.referral, wish, today=today, by=by, now=now)


def refuse(
    db: Session, wish: ReferralClearing, *, reason: str, today: date, by: int, now: datetime
) -> None:
    """The referral stays blocked, or brings no points; who asked may also take the wish back.

    Points that the daily job found are not asked for again: the referral came to nothing.
    """
    if not reason.strip():
        raise adjusting.ReasonMissing(N_("Please say why the referral should not count."))
    referral_wishes.decide(db, wish, AdjustmentState.REFUSED, by=by, now=now)
    wish.decided_why = reason.strip()[: adjusting.LONGEST]
    audit.record(db, "referral.refuse", "referral", wish.referral_id, by=by, now=now)
    if wish.block is None and wish.asked_by_id is None:
        states, lost = _open_states(wish.referral), ReferralState.LOST
        referral_credit.change_state(db, wish.referral, states, lost, today, by, now)
    db.flush()


def _clear(
    db: Session, referral: Referral, wish: ReferralClearing, *, today: date, by: int, now: datetime
) -> None:
    """The block is lifted for good; what else stands between the two blocks all the same."""
    referral_wishes.decide(db, wish, AdjustmentState.CONFIRMED, by=by, now=now)
    db.flush()
    others = (block for block, is_lifted in referral_credit.reasons(db, referral) if not is_lifted)
    block = next(others, None)
    state = FIRST[referral.kind] if block is None else ReferralState.BLOCKED
    opened = rows_changed(
        db,
        update(Referral)
        .where(Referral.id == referral.id, Referral.state == ReferralState.BLOCKED)
        .values(state=state, block=block),
    )
    db.refresh(referral)
    if not opened:
        raise NotBlocked(N_("This referral is not blocked any more, or waits for a colleague."))
    step(db, referral, referral.state, on=today, by=by, now=now)


def _give(
    db: Session, referral: Referral, wish: ReferralClearing, *, today: date, by: int, now: datetime
) -> None:
    """The points that were agreed to, if what brings them still stands."""
    referral_wishes.decide(db, wish, AdjustmentState.CONFIRMED, by=by, now=now)
    order = _order_of(db, referral, today)
    by_hand = referral.kind is ReferralKind.CAR and wish.asked_by_id is not None
    given = (order is not None or by_hand) and referral_credit.credit(
        db,
        referral,
        among=_open_states(referral),
        order=order,
        today=today,
        by=wish.asked_by_id,
        now=now,
        wish=wish,
    )
    if not given:
        raise NothingDue(N_("The order was refunded since, or somebody decided meanwhile."))


def _order_of(db: Session, referral: Referral, today: date) -> ServiceOrder | None:
    if referral.kind is ReferralKind.CAR:
        return delivery_to(db, referral, until=today)
    stood = today - timedelta(days=tunables.value(db, referral_credit.STANDS_DAYS))
    return first_order(db, referral, stood)


def _open_states(referral: Referral) -> tuple[ReferralState, ...]:
    """Where a referral may stand while its points wait."""
    return OPEN if referral.kind is not ReferralKind.CAR else LEADS


def _refuse_own(db: Session, referral: Referral, by: int) -> None:
    mine = db.scalar(select(Account.owner_id).where(Account.id == by))
    if referral.block is Block.SELF:
        raise NotToBeLetThrough(N_("Nobody has brought themselves; this cannot be let through."))
    if mine is not None and mine in (referral.referrer_id, referral.referred_id):
        raise NotToBeLetThrough(N_("A colleague has to decide on a referral of your own."))
