"""A member gives a voucher to another member; its old code and picture die."""

from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from club import voucher_news
from club.models import Voucher, VoucherState, VoucherTransfer
from club.voucher_codes import new_code
from club.vouchers import NotGivable
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_
from members.models import Membership


def pass_on(
    db: Session, voucher: Voucher, number: str, *, today: date, by: int | None, now: datetime
) -> Voucher:
    """Give an unused voucher to the member with this number."""
    taker = db.scalar(
        select(Membership).where(
            Membership.number == number.strip().upper(), Membership.left_on.is_(None)
        )
    )
    if not voucher.kind.transferable:
        raise NotGivable(N_("This voucher is for you alone and cannot be passed on."))
    if taker is None:
        raise NotGivable(N_("No member has this number. It begins with M; please compare it."))
    if taker.owner_id == voucher.owner_id:
        raise NotGivable(N_("That is your own number."))
    moved = rows_changed(
        db,
        update(Voucher)
        .where(
            Voucher.id == voucher.id,
            Voucher.owner_id == voucher.owner_id,
            Voucher.state == VoucherState.ACTIVE,
            Voucher.used == 0,
            or_(Voucher.until_on.is_(None), Voucher.until_on >= today),
        )
        .values(owner_id=taker.owner_id, code=new_code(db), seen_at=None),
    )
    if not moved:
        raise NotGivable(N_("Only a voucher that was never used and still runs can be passed on."))
    passed = VoucherTransfer(
        voucher_id=voucher.id,
        from_owner_id=voucher.owner_id,
        to_owner_id=taker.owner_id,
        at=now,
        account_id=by,
    )
    db.add(passed)
    audit.record(db, "voucher.pass-on", "voucher", voucher.id, by=by, now=now)
    db.flush()
    db.refresh(voucher)
    voucher_news.tell_passed(db, voucher, passed.id, now=now)
    return voucher
