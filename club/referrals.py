"""Bringing somebody: by a link that leads to joining, or noted at the desk. Nobody comes twice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from club.first_orders import paid_by
from club.models import Block, Referral, ReferralKind, ReferralState, ReferralStep
from club.referral_blocks import block_between, block_of_number
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_
from members.memberships import is_member
from members.models import Membership, Owner, ServiceOrder

FIRST = {
    ReferralKind.CLUB: ReferralState.WAITING,
    ReferralKind.SERVICE: ReferralState.WAITING,
    ReferralKind.CAR: ReferralState.LEAD,
}


class BroughtBefore(Refusal):
    """Somebody was noted with this person before; the first one counts."""


class NotAReferrer(Refusal):
    """Only members bring others."""


class NobodyNamed(Refusal):
    """A lead without a name cannot be spoken to."""


@dataclass(frozen=True, slots=True)
class Brought:
    """Who was brought, as told at the desk: a name and a normalised number."""

    kind: ReferralKind
    name: str
    phone: str


def joined(
    db: Session, owner_id: int, referrer_id: int, *, on: date, by: int | None, now: datetime
) -> Referral | None:
    """Somebody joined by a member's link; None where they were brought before."""
    if _known(db, owner_id, None) is not None:
        return None
    block = block_between(db, referrer_id, owner_id)
    if block is None and not _new_member(db, owner_id, on):
        block = Block.MEMBER
    made = Referral(kind=ReferralKind.CLUB, referrer_id=referrer_id, referred_id=owner_id)
    try:
        with db.begin_nested():
            return _begin(db, made, block, on, by, now)
    except IntegrityError:  # noted at the desk at the same moment
        return None


def note(
    db: Session, referrer_id: int, brought: Brought, *, on: date, by: int | None, now: datetime
) -> Referral:
    """Somebody says at the desk who sent them: kept with its reason even where it brings nothing.

    A BroughtBefore is raised for a number or an owner that was noted before.
    """
    name = " ".join(brought.name.split())[:100]
    if not name:
        raise NobodyNamed(N_("Please write down the name, so that we know whom to greet."))
    if not is_member(db, referrer_id):
        raise NotAReferrer(N_("Only members of the club can bring others."))
    known = owner_of_number(db, brought.phone)
    if _known(db, known.id if known else None, brought.phone) is not None:
        raise BroughtBefore(
            N_("This person was noted before. The first one who brought them counts.")
        )
    block = block_between(db, referrer_id, known.id) if known else None
    block = block or block_of_number(db, referrer_id, brought.phone)
    if block is None and known is not None:
        block = _known_here(db, known, brought)
    made = Referral(
        kind=brought.kind,
        referrer_id=referrer_id,
        referred_id=known.id if known else None,
        name=name,
        phone=brought.phone,
    )
    return _begin(db, made, block, on, by, now)


def owner_of_number(db: Session, phone: str) -> Owner | None:
    """The one owner with this number; None for none or several (R49)."""
    query = select(Owner).where(Owner.phone == phone, Owner.is_here())
    found = db.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def step(
    db: Session,
    referral: Referral,
    state: ReferralState,
    *,
    on: date,
    by: int | None,
    now: datetime,
) -> None:
    """Note that the referral came into a state, for its history and the audit trail."""
    made = ReferralStep(state=state, on=on, recorded_at=now, account_id=by)
    made.referral_id = referral.id
    db.add(made)
    audit.record(db, "referral.step", "referral", referral.id, by=by, now=now, state=state.value)
    db.flush()


def _begin(
    db: Session, made: Referral, block: Block | None, on: date, by: int | None, now: datetime
) -> Referral:
    made.block = block
    made.state = ReferralState.BLOCKED if block else FIRST[made.kind]
    made.began_on, made.recorded_at, made.account_id = on, now, by
    db.add(made)
    db.flush()
    step(db, made, made.state, on=on, by=by, now=now)
    return made


def _known(db: Session, owner_id: int | None, phone: str | None) -> int | None:
    """The referral in which this person was brought before."""
    owner = db.get(Owner, owner_id) if owner_id is not None else None
    numbers = [number for number in (phone, owner.phone if owner else None) if number]
    if owner is not None and owner.account is not None and owner.account.phone:
        numbers.append(owner.account.phone)
    same: list[ColumnElement[bool]] = [Referral.phone.in_(numbers)]
    if owner_id is not None:
        same.append(Referral.referred_id == owner_id)
    return db.scalar(select(Referral.id).where(or_(*same)).limit(1))


def _known_here(db: Session, known: Owner, brought: Brought) -> Block | None:
    """Members, and customers who are brought to the workshop, were here already."""
    if db.get(Membership, known.id) is not None:
        return Block.MEMBER
    paid = select(ServiceOrder.id).join(Owner, Owner.id == known.id).where(paid_by(Owner.id))
    had = db.scalar(paid.limit(1))
    return Block.CUSTOMER if had is not None and brought.kind is ReferralKind.SERVICE else None


def _new_member(db: Session, owner_id: int, on: date) -> bool:
    """Whether the membership began on this day, not taken up again."""
    membership = db.get(Membership, owner_id)
    return membership is not None and membership.joined_on >= on
