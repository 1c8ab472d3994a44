"""Taking a redemption back: its use returns once, and the order earns as before it (R7, R14)."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from club import till_cover, voucher_rules
from club.models import Voucher, VoucherUse
from club.till_covered import noted_on_use
from club.vouchers import ReasonMissing
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import ServiceOrder


class PartOfQuote(Refusal):
    """Used together with the rest of a quote, and given back only together with it."""


class AlreadyUndone(Refusal):
    """The redemption was taken back before: its use came back once."""


def undo_redeem(
    db: Session, use: VoucherUse, *, reason: str, today: date, by: int | None, now: datetime
) -> VoucherUse:
    """Give the use back at the desk, once; what a quote used goes back with the whole quote."""
    if use.quote_id is not None and use.undone_at is None:
        raise PartOfQuote(
            N_("This was used with a quote at the till. Take the quote back instead.")
        )
    till_cover.hold(db, noted_on_use(use))
    give_use_back(db, use, reason=reason, today=today, by=by, now=now)
    till_cover.settle_again(db, noted_on_use(use), today=today, now=now)
    return use


def give_use_back(
    db: Session, use: VoucherUse, *, reason: str, today: date, by: int | None, now: datetime
) -> VoucherUse:
    """Give any use back, once; a voucher that has ended meanwhile stays ended, and one whose goods
    came back meanwhile ends now (R15)."""
    if not reason.strip():
        raise ReasonMissing(N_("Please say why the redemption is taken back."))
    undone = rows_changed(
        db,
        update(VoucherUse)
        .where(VoucherUse.id == use.id, VoucherUse.undone_at.is_(None))
        .values(undone_at=now, undone_by=by, undone_why=reason.strip()[:200]),
    )
    if not undone:
        raise AlreadyUndone(N_("This redemption was taken back already."))
    db.execute(
        update(Voucher)
        .where(Voucher.id == use.voucher_id, Voucher.used > 0)
        .values(used=Voucher.used - 1)
    )
    audit.record(db, "voucher.undo", "voucher", use.voucher_id, by=by, now=now, use=use.id)
    db.flush()
    db.refresh(use)
    db.refresh(use.voucher)
    if use.voucher.rule_id is not None and use.voucher.order_id is not None:
        brought_it = db.get_one(ServiceOrder, use.voucher.order_id)
        voucher_rules.settle(db, brought_it.lines, today=today, now=now)
    return use
