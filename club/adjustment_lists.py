"""Lists of adjustments that were asked for: what waits, and what was decided."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from club.models import AdjustmentState, PointsAdjustment, Referral, ReferralClearing

SHOWN = 50


def waiting(db: Session) -> Sequence[PointsAdjustment]:
    """The wishes that wait for a second person, the oldest first."""
    return db.scalars(
        _wishes()
        .where(PointsAdjustment.state == AdjustmentState.WAITING)
        .order_by(PointsAdjustment.id)
        .limit(SHOWN)
    ).all()


def decided(db: Session) -> Sequence[PointsAdjustment]:
    """What was decided last."""
    return db.scalars(
        _wishes()
        .where(PointsAdjustment.state != AdjustmentState.WAITING)
        .order_by(PointsAdjustment.decided_at.desc(), PointsAdjustment.id.desc())
        .limit(SHOWN)
    ).all()


def waiting_clearings(db: Session) -> Sequence[ReferralClearing]:
    """What waits about referrals: to let them through, to give their points; the oldest first."""
    return db.scalars(
        select(ReferralClearing)
        .where(ReferralClearing.state == AdjustmentState.WAITING)
        .order_by(ReferralClearing.id)
        .limit(SHOWN)
        .options(
            joinedload(ReferralClearing.referral).joinedload(Referral.referred),
            joinedload(ReferralClearing.asked_by),
        )
    ).all()


def waiting_for(db: Session, owner_id: int) -> Sequence[PointsAdjustment]:
    """The wishes about one owner that wait."""
    return db.scalars(
        _wishes().where(
            PointsAdjustment.owner_id == owner_id,
            PointsAdjustment.state == AdjustmentState.WAITING,
        )
    ).all()


def _wishes() -> Select[PointsAdjustment]:
    return select(PointsAdjustment).options(
        joinedload(PointsAdjustment.owner),
        joinedload(PointsAdjustment.asked_by),
        joinedload(PointsAdjustment.decided_by),
    )
