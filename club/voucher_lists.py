"""What a member holds, by whether it can be used; and what became of a kind's vouchers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from club.models import Voucher, VoucherKind, VoucherState, VoucherUse

MOST, BEHIND = 100, 40


@dataclass(frozen=True, slots=True)
class Held:
    """A member's vouchers: what ends first stands first; what is behind, the newest first."""

    usable: Sequence[Voucher]
    used: Sequence[Voucher]
    ended: Sequence[Voucher]


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of the vouchers of a kind: `redeemed` at least once, `open` for (more) uses.

    `fen` is what they took off so far.
    """

    issued: int = 0
    seen: int = 0
    redeemed: int = 0
    expired: int = 0
    revoked: int = 0
    open: int = 0
    fen: int = 0


def held_by(db: Session, owner_id: int, *, today: date) -> Held:
    """The vouchers of one owner, in three lists."""
    usable = db.scalars(
        _of(owner_id)
        .where(still_good(today))
        .order_by(Voucher.until_on.is_(None), Voucher.until_on, Voucher.id)
        .limit(MOST)
    ).all()
    behind = db.scalars(
        _of(owner_id).where(~still_good(today)).order_by(Voucher.id.desc()).limit(BEHIND)
    ).all()
    used = [one for one in behind if one.used >= one.uses]
    return Held(usable, used, [one for one in behind if one.used < one.uses])


def count_usable(db: Session, owner_id: int, *, today: date) -> int:
    """How many vouchers the owner can still use."""
    query = select(func.count()).where(Voucher.owner_id == owner_id, still_good(today))
    return db.scalar(query) or 0


def still_good(today: date) -> ColumnElement[bool]:
    """The condition that something is left of a voucher and its day is not over."""
    return and_(
        Voucher.state == VoucherState.ACTIVE,
        Voucher.used < Voucher.uses,
        or_(Voucher.until_on.is_(None), Voucher.until_on >= today),
    )


def funnels(
    db: Session,
    *,
    today: date,
    kind_ids: Collection[int] | None = None,
    given: tuple[date, date] | None = None,
) -> dict[int, Funnel]:
    """Per kind what became of its vouchers, or of those given between two days: two queries."""
    over = and_(Voucher.used < Voucher.uses, Voucher.state != VoucherState.REVOKED)
    late = or_(Voucher.state == VoucherState.EXPIRED, Voucher.until_on < today)
    counts = select(
        Voucher.kind_id,
        func.count(),
        func.count(Voucher.seen_at),
        _how_many(Voucher.used > 0),
        _how_many(and_(over, func.coalesce(late, false()))),
        _how_many(Voucher.state == VoucherState.REVOKED),
        _how_many(still_good(today)),
    ).group_by(Voucher.kind_id)
    worth = (
        select(Voucher.kind_id, func.sum(VoucherUse.fen))
        .join(VoucherUse, VoucherUse.voucher_id == Voucher.id)
        .where(VoucherUse.undone_at.is_(None))
        .group_by(Voucher.kind_id)
    )
    if kind_ids is not None:
        counts = counts.where(Voucher.kind_id.in_(kind_ids))
        worth = worth.where(Voucher.kind_id.in_(kind_ids))
    if given is not None:
        counts = counts.where(Voucher.issued_on.between(*given))
        worth = worth.where(Voucher.issued_on.between(*given))
    taken = {row[0]: int(row[1] or 0) for row in db.execute(worth)}
    found = {}
    for kind_id, issued, seen, redeemed, expired, revoked, left in db.execute(counts):
        fen = taken.get(kind_id, 0)
        found[kind_id] = Funnel(issued, seen, redeemed, expired, revoked, left, fen)
    return found


def newest_of(db: Session, kind: VoucherKind, *, most: int = 20) -> Sequence[Voucher]:
    """The newest vouchers of a kind with who holds them."""
    return db.scalars(
        select(Voucher)
        .where(Voucher.kind_id == kind.id)
        .order_by(Voucher.id.desc())
        .limit(most)
        .options(joinedload(Voucher.owner))
    ).all()


def newest_uses(db: Session, *, most: int = 12) -> Sequence[VoucherUse]:
    """The last redemptions at the desk."""
    return db.scalars(
        select(VoucherUse)
        .order_by(VoucherUse.id.desc())
        .limit(most)
        .options(
            joinedload(VoucherUse.voucher).joinedload(Voucher.kind),
            joinedload(VoucherUse.voucher).joinedload(Voucher.owner),
        )
    ).all()


def _of(owner_id: int) -> Select[Voucher]:
    return (
        select(Voucher)
        .where(Voucher.owner_id == owner_id)
        .options(joinedload(Voucher.kind), selectinload(Voucher.redemptions))
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
