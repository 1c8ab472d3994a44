"""What waits for a second person about a referral: to let it through, or to give its points (R12).

A wish without an asker is the club's own: the daily job found the points due.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club.models import AdjustmentState, Block, Referral, ReferralClearing
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_

LONGEST = 300


class WishDecided(Refusal):
    """Somebody was faster."""


def waiting_for(db: Session, referral: Referral) -> ReferralClearing | None:
    """The wish of a referral that waits for a second person."""
    return db.scalar(
        select(ReferralClearing).where(
            ReferralClearing.referral_id == referral.id,
            ReferralClearing.state == AdjustmentState.WAITING,
        )
    )


def put(
    db: Session,
    referral: Referral,
    *,
    block: Block | None,
    reason: str,
    by: int | None,
    now: datetime,
    points: int | None = None,
) -> ReferralClearing:
    """A wish: to lift this block, or without one to give so many points."""
    made = ReferralClearing(
        referral_id=referral.id,
        block=block,
        points=points,
        reason=reason.strip()[:LONGEST],
        asked_by_id=by,
        asked_at=now,
    )
    db.add(made)
    db.flush()
    audit.record(db, "referral.ask", "referral", referral.id, by=by, now=now, reason=made.reason)
    db.flush()
    return made


def decide(
    db: Session, wish: ReferralClearing, state: AdjustmentState, *, by: int, now: datetime
) -> None:
    """Of two who decide at once one does."""
    won = rows_changed(
        db,
        update(ReferralClearing)
        .where(ReferralClearing.id == wish.id, ReferralClearing.state == AdjustmentState.WAITING)
        .values(state=state, decided_by_id=by, decided_at=now),
    )
    db.refresh(wish)
    if not won:
        raise WishDecided(N_("Somebody has decided this already."))


def lifted(db: Session, referral: Referral) -> set[Block]:
    """The blocks that were let through: they do not block this referral once more."""
    rows = db.scalars(
        select(ReferralClearing.block).where(
            ReferralClearing.referral_id == referral.id,
            ReferralClearing.block.is_not(None),
            ReferralClearing.state == AdjustmentState.CONFIRMED,
        )
    )
    return {block for block in rows if block is not None}
