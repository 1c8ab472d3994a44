"""Vouchers of a period: what became of those given in it, and what was taken off in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from club.models import Voucher, VoucherKind, VoucherUse
from club.voucher_lists import Funnel, funnels
from foundation.periods import Period, month_key


@dataclass(frozen=True, slots=True)
class KindSum:
    """A kind: the funnel of those given in the period, and the uses in it with their fen."""

    kind: VoucherKind
    funnel: Funnel
    uses: int
    fen: int


def by_kind(db: Session, period: Period, *, today: date) -> list[KindSum]:
    """Each kind that was given or used in the period, the newest first."""
    given = funnels(db, today=today, given=(period.first, period.last))
    taken = {
        kind_id: (uses, int(fen or 0))
        for kind_id, uses, fen in db.execute(
            select(Voucher.kind_id, func.count(), func.sum(VoucherUse.fen))
            .join(Voucher, Voucher.id == VoucherUse.voucher_id)
            .where(*_in(period.first, period.last))
            .group_by(Voucher.kind_id)
        )
    }
    kinds = db.scalars(select(VoucherKind).order_by(VoucherKind.id.desc())).all()
    return [
        KindSum(kind, given.get(kind.id, Funnel()), *taken.get(kind.id, (0, 0)))
        for kind in kinds
        if kind.id in given or kind.id in taken
    ]


def total(found: Sequence[KindSum]) -> Funnel:
    """All kinds together."""
    parts = [one.funnel for one in found]
    return Funnel(
        issued=sum(one.issued for one in parts),
        seen=sum(one.seen for one in parts),
        redeemed=sum(one.redeemed for one in parts),
        expired=sum(one.expired for one in parts),
        revoked=sum(one.revoked for one in parts),
        open=sum(one.open for one in parts),
        fen=sum(one.fen for one in parts),
    )


def taken_off_by_month(db: Session, first: date, last: date) -> dict[str, int]:
    """What vouchers took off in each month, in fen."""
    rows = db.execute(
        select(VoucherUse.used_on, func.sum(VoucherUse.fen))
        .where(*_in(first, last))
        .group_by(VoucherUse.used_on)
    )
    found: dict[str, int] = defaultdict(int)
    for day, fen in rows:
        found[month_key(day)] += int(fen or 0)
    return found


def _in(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return VoucherUse.used_on.between(first, last), VoucherUse.undone_at.is_(None)
