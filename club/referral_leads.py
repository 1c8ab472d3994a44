"""Leads for a new car, moved by hand from the first word to the delivery, and back.

Visit, order, delivery: no step is left out by hand, and a wish for points that waits for a second
person holds the lead where it is.
"""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from club import referral_credit, referral_wishes
from club.models import Referral, ReferralKind, ReferralState
from club.referral_deliveries import delivery_to
from club.referrals import step
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_

S = ReferralState
WAYS: dict[ReferralState, tuple[ReferralState, ...]] = {
    S.LEAD: (S.VISIT, S.LOST),
    S.VISIT: (S.ORDER, S.LEAD, S.LOST),
    S.ORDER: (S.CREDITED, S.VISIT, S.LOST),
    S.CREDITED: (S.ORDER,),
    S.LOST: (S.LEAD,),
}


class NoSuchWay(Refusal):
    """A lead cannot come from there to here."""


class WaitsForColleague(Refusal):
    """The delivery was noted; a second person has not agreed to its points yet."""


class NotThatDay(Refusal):
    """A day to come, or one before the lead was noted."""


def ways_of(referral: Referral) -> tuple[ReferralState, ...]:
    """The states into which staff may move it."""
    return WAYS.get(referral.state, ()) if referral.kind is ReferralKind.CAR else ()


def move(
    db: Session,
    referral: Referral,
    state: ReferralState,
    *,
    on: date,
    today: date,
    by: int | None,
    now: datetime,
) -> None:
    """Bring a lead into a state on a day; the delivery gives the points, a step back takes them."""
    if state not in ways_of(referral):
        raise NoSuchWay(N_("Somebody moved this lead meanwhile. Please look at it again."))
    if not referral.began_on <= on <= today:
        raise NotThatDay(N_("Please choose a day from the first word until today."))
    if referral_wishes.waiting_for(db, referral) is not None:
        raise WaitsForColleague(N_("Its points wait for a second person. Please decide first."))
    before = referral.state
    if state is S.CREDITED:
        referral_credit.find_person(db, referral)
        order = delivery_to(db, referral, until=today)
        moved = referral_credit.credit(
            db, referral, among=(before,), order=order, today=on, by=by, now=now
        )
    elif before is S.CREDITED:
        moved = referral_credit.take_back(db, referral, state, today=on, by=by, now=now)
    else:
        moved = _moved(db, referral, state)
        if moved:
            step(db, referral, state, on=on, by=by, now=now)
    if not moved:
        raise NoSuchWay(N_("Somebody moved this lead meanwhile. Please look at it again."))


def _moved(db: Session, referral: Referral, state: ReferralState) -> bool:
    change = update(Referral).where(Referral.id == referral.id, Referral.state == referral.state)
    won = rows_changed(db, change.values(state=state)) == 1
    db.refresh(referral)
    return won
