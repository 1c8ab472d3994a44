"""A priced order used once: vouchers redeemed and points spent together, and given back (R7, R14).

However often a quote is applied, it is used once; one order is settled by one quote.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from club import ledger, purses, quote_sending, quotes, till_cover, voucher_return, voucher_use
from club.models import LedgerEntry, QuoteState, TillQuote, VoucherUse
from club.till_covered import noted_on_quote
from club.till_prices import as_stored
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_

CAUSE = "till-quote"
ON_AN_ORDER = N_("on an order at the till")
LONGEST = 200


class NotAsPriced(Refusal):
    """Tier, vouchers or rules changed since the quote was made."""


class OrderSettled(Refusal):
    """Another quote was applied to the order, or this one was taken back."""


class ReasonNeeded(Refusal):
    """What is taken back is explained."""


def apply(db: Session, quote: TillQuote, *, today: date, by: int | None, now: datetime) -> None:
    """Redeem the vouchers and spend the points, all or nothing; a second time changes nothing.

    One conditional update decides who applies it. The order is worked out again: what is no longer
    as it was shown is refused.
    """
    purses.hold(db, [quote.owner_id])
    _refuse_settled(db, quote)
    first = rows_changed(
        db,
        update(TillQuote)
        .where(TillQuote.id == quote.id, TillQuote.state == QuoteState.OPEN)
        .values(state=QuoteState.APPLIED, applied_at=now, applied_by=by),
    )
    db.refresh(quote)
    if not first:
        if quote.state is QuoteState.UNDONE:
            raise OrderSettled(N_("This quote was taken back. Please price the order again."))
        return
    if quote_sending.is_over(quote, today):
        raise NotAsPriced(N_("This quote is over. Please price the order again."))
    asked = quotes.asked_of(quote)
    bill, vouchers = quotes.worked_out(db, quote.owner_id, asked, today=today)
    priced = ([as_stored(one) for one in bill.lines], bill.points, [one.id for one in vouchers])
    if priced != (quote.lines, quote.points, [one["id"] for one in quote.vouchers]):
        raise NotAsPriced(N_("Prices changed since this quote. Please price the order again."))
    draft = quotes.draft_of(db, quote.owner_id, asked, today=today)
    for voucher, off in zip(vouchers, bill.vouchers, strict=True):
        voucher_use.redeem_for(db, quote, voucher, draft, fen=off.fen, today=today, by=by, now=now)
    if quote.points:
        quote.entry_id = _spend(db, quote, today, by, now)
    audit.record(db, "quote.apply", "quote", quote.id, by=by, now=now, order=quote.order_no or "—")
    till_cover.settle_again(db, noted_on_quote(quote), today=today, now=now)
    db.flush()


def undo(
    db: Session, quote: TillQuote, *, reason: str, today: date, by: int | None, now: datetime
) -> None:
    """Give vouchers and points back, once, with the reason."""
    if not reason.strip():
        raise ReasonNeeded(N_("Please say why the quote is taken back."))
    purses.hold(db, [quote.owner_id])
    undone = rows_changed(
        db,
        update(TillQuote)
        .where(TillQuote.id == quote.id, TillQuote.state == QuoteState.APPLIED)
        .values(
            state=QuoteState.UNDONE,
            undone_at=now,
            undone_by=by,
            undone_why=reason.strip()[:LONGEST],
        ),
    )
    if not undone:
        raise OrderSettled(N_("Only a quote that was applied can be taken back, and once."))
    db.refresh(quote)
    for use in _uses_of(db, quote):
        voucher_return.give_use_back(db, use, reason=reason, today=today, by=by, now=now)
    if quote.entry_id is not None:
        spending = db.get_one(LedgerEntry, quote.entry_id)
        ledger.undo(db, spending, reason=reason.strip()[:LONGEST], on=today, by=by, now=now)
    audit.record(db, "quote.undo", "quote", quote.id, by=by, now=now)
    till_cover.settle_again(db, noted_on_quote(quote), today=today, now=now)
    db.flush()


def _spend(db: Session, quote: TillQuote, today: date, by: int | None, now: datetime) -> int:
    entry = ledger.spend(
        db,
        quote.owner_id,
        quote.points,
        cause_kind=CAUSE,
        cause_id=str(quote.id),
        reason=ON_AN_ORDER,
        on=today,
        by=by,
        now=now,
    )
    db.flush()
    return entry.id


def _refuse_settled(db: Session, quote: TillQuote) -> None:
    """One order, one quote; a number without its system may be any system's."""
    other = select(TillQuote.id).where(
        TillQuote.order_no == quote.order_no,
        TillQuote.state == QuoteState.APPLIED,
        TillQuote.id != quote.id,
    )
    if quote.order_system:
        other = other.where(TillQuote.order_system.in_(("", quote.order_system)))
    if quote.order_no is not None and db.scalar(other) is not None:
        raise OrderSettled(N_("Another quote was applied to this order."))


def _uses_of(db: Session, quote: TillQuote) -> Sequence[VoucherUse]:
    return db.scalars(
        select(VoucherUse)
        .where(
            VoucherUse.quote_id == quote.id,
            VoucherUse.undone_at.is_(None),
        )
        .options(joinedload(VoucherUse.voucher))
    ).all()
