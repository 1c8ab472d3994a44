"""A whole file of opening balances taken back, while nothing that it brought was used (R1)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from club import opening, purses, tiers, vouchers
from club.models import (
    EntryKind,
    Lot,
    OpeningBalance,
    Package,
    PackageItem,
    PackageState,
    Source,
    TierGrant,
    Voucher,
    VoucherState,
    VoucherTransfer,
)
from club.purses import Cause
from foundation.refusals import Refusal
from foundation.words import N_

REASON = N_("The file of opening balances was taken back.")


class UsedSince(Refusal):
    """Somebody used what the file brought, so it stays."""


def take_back(db: Session, batch_id: int, *, today: date, by: int | None, now: datetime) -> int:
    """Points, tiers, packages and vouchers of a file go again; how many things."""
    made = _standing(db, batch_id)
    owner_ids = sorted({one.owner_id for one in made})
    purses.hold(db, owner_ids)
    used = _used(db, batch_id, made)
    if used:
        raise UsedSince(
            N_("%(count)s things that this file brought were used since, so it stays."), count=used
        )
    for owner_id, held in purses.purses(db, owner_ids).items():
        for one in made:
            if one.owner_id == owner_id and one.entry_id is not None:
                own = [lot for lot in held.lots if lot.entry_id == one.entry_id]
                cause = Cause(
                    opening.CAUSE, f"{batch_id}:{one.row_no}", today, now, by=by, reason=REASON
                )
                held.draw(EntryKind.TAKE_BACK, one.amount, cause, first=own)
    _end(db, made, by, now)
    tiers.review(db, owner_ids, today=today, now=now)
    return len(made)


def _standing(db: Session, batch_id: int) -> Sequence[OpeningBalance]:
    query = select(OpeningBalance).where(
        OpeningBalance.batch_id == batch_id, OpeningBalance.undone_at.is_(None)
    )
    return db.scalars(query.order_by(OpeningBalance.id)).all()


def _used(db: Session, batch_id: int, made: Sequence[OpeningBalance]) -> int:
    """How many of its things are not as they came."""
    mine = (OpeningBalance.batch_id == batch_id, OpeningBalance.undone_at.is_(None))
    lots = select(func.count(Lot.id)).join(OpeningBalance, OpeningBalance.entry_id == Lot.entry_id)
    packages = (
        select(func.count(PackageItem.id))
        .join(PackageItem.package)
        .join(OpeningBalance, OpeningBalance.package_id == Package.id)
    )
    touched = or_(PackageItem.used > 0, Package.state != PackageState.ACTIVE)
    found = db.scalar(lots.where(*mine, Lot.rest != Lot.points)) or 0
    found += db.scalar(packages.where(*mine, touched)) or 0
    brought = _vouchers(db, made)
    passed_on = set(
        db.scalars(
            select(VoucherTransfer.voucher_id).where(
                VoucherTransfer.voucher_id.in_([one.id for one in brought])
            )
        )
    )
    return found + sum(
        one.used > 0 or one.state is not VoucherState.ACTIVE or one.id in passed_on
        for one in brought
    )


def _vouchers(db: Session, made: Sequence[OpeningBalance]) -> Sequence[Voucher]:
    causes = [
        cause
        for one in made
        if one.holding.value == "vouchers"
        for cause in opening.voucher_causes(one)
    ]
    query = select(Voucher).where(Voucher.source == Source.OPENING, Voucher.cause_id.in_(causes))
    return db.scalars(query.order_by(Voucher.id)).all()


def _end(db: Session, made: Sequence[OpeningBalance], by: int | None, now: datetime) -> None:
    grants = [one.grant_id for one in made if one.grant_id is not None]
    packages = [one.package_id for one in made if one.package_id is not None]
    db.execute(update(TierGrant).where(TierGrant.id.in_(grants)).values(ended_at=now))
    ended = {"state": PackageState.WITHDRAWN, "ended_at": now, "ended_by": by, "ended_why": REASON}
    db.execute(update(Package).where(Package.id.in_(packages)).values(**ended))
    for voucher in _vouchers(db, made):
        vouchers.revoke(db, voucher, reason=REASON, by=by, now=now)
    for one in made:
        one.undone_at = now
    db.flush()
