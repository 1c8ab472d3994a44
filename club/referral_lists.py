"""Referrals to look at: a member's own without a name in them, and the desk's with all there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from club.models import Referral, ReferralKind, ReferralState
from members.models import Owner

PAGE = 50
NEWEST = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One referral as its referrer sees it: what for, since when, how far; never who."""

    kind: ReferralKind
    on: date
    state: ReferralState
    points: int

    @property
    def counts(self) -> bool:
        """Whether it can still bring points; why not is between the other one and the shop."""
        return self.state not in (ReferralState.BLOCKED, ReferralState.LOST)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a member's referrals came to."""

    joined: int
    credited: int
    points: int
    newest: Sequence[Step]


def brought_by(db: Session, owner_id: int) -> Brought:
    """The numbers of one member, and the newest referrals."""
    counted = dict(
        db.execute(
            select(Referral.state, func.count())
            .where(Referral.referrer_id == owner_id)
            .group_by(Referral.state)
        ).all()
    )
    joined = select(func.count()).where(
        Referral.referrer_id == owner_id, Referral.kind == ReferralKind.CLUB
    )
    points = select(func.sum(Referral.points)).where(
        Referral.referrer_id == owner_id, Referral.state == ReferralState.CREDITED
    )
    rows = db.execute(
        select(Referral.kind, Referral.began_on, Referral.state, Referral.points)
        .where(Referral.referrer_id == owner_id)
        .order_by(Referral.began_on.desc(), Referral.id.desc())
        .limit(NEWEST)
    )
    return Brought(
        joined=db.scalar(joined) or 0,
        credited=counted.get(ReferralState.CREDITED, 0),
        points=int(db.scalar(points) or 0),
        newest=[Step(*row) for row in rows],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals the desk wants to see; pages go back by id."""

    kind: ReferralKind | None = None
    state: ReferralState | None = None
    before: int | None = None


def listed(db: Session, wanted: Wanted) -> Sequence[Referral]:
    """The newest first, one more than a page holds where there are more."""
    query = _filtered(select(Referral), wanted).options(
        joinedload(Referral.referrer).joinedload(Owner.membership), joinedload(Referral.referred)
    )
    if wanted.before is not None:
        query = query.where(Referral.id < wanted.before)
    return db.scalars(query.order_by(Referral.id.desc()).limit(PAGE + 1)).all()


def one(db: Session, referral_id: int) -> Referral | None:
    """A referral with its two people and its history."""
    return db.scalar(
        select(Referral)
        .where(Referral.id == referral_id)
        .options(
            joinedload(Referral.referrer).joinedload(Owner.membership),
            joinedload(Referral.referred),
            joinedload(Referral.order),
            selectinload(Referral.steps),
        )
    )


def states(db: Session) -> dict[ReferralState, int]:
    """How many referrals are in each state."""
    query = select(Referral.state, func.count()).group_by(Referral.state)
    return dict(db.execute(query).all())


def _filtered(query: Select[Referral], wanted: Wanted) -> Select[Referral]:
    if wanted.kind is not None:
        query = query.where(Referral.kind == wanted.kind)
    if wanted.state is not None:
        query = query.where(Referral.state == wanted.state)
    return query
