"""Orders priced at the till, and used once: vouchers redeemed and points spent together (R7, R14).

A quote is priced, shown, and applied; the same request priced twice is one quote, and however
often it is applied, it is used once. Its order number ties it to the order that a file brings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from club import (
    ledger,
    purses,
    quote_sending,
    till_cover,
    till_prices,
    till_rights,
    voucher_return,
    voucher_use,
)
from club.models import LedgerEntry, QuoteState, TillQuote, Voucher, VoucherUse
from club.standing import standing_of
from club.till_covered import noted_on_quote
from club.till_prices import Bill, Item, as_stored, item_of
from club.voucher_kinds import terms_of
from club.voucher_use import OrderDraft
from club.worth import POINTS_PER_YUAN
from foundation import audit, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.memberships import is_member

CAUSE = "till-quote"
LONGEST = 200


class NothingToPrice(Refusal):
    """An order has a line with a price."""


class TooManyPoints(Refusal):
    """More points than the order takes, or than the owner can use."""


class NotAsPriced(Refusal):
    """Tier, vouchers or rules changed since the quote was made."""


class OrderSettled(Refusal):
    """Another quote was applied to the order, or this one was taken back."""


class ReasonNeeded(Refusal):
    """What is taken back is explained."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as typed, and what is to be used on it."""

    items: tuple[Item, ...]
    voucher_ids: tuple[int, ...] = ()
    points: int = 0
    order_no: str | None = None
    system: str = ""


def draft_of(db: Session, owner_id: int, asked: Asked, *, today: date) -> OrderDraft:
    """The order as vouchers see it: after the tier's discount or the agreed price."""
    lines = till_prices.discounted(asked.items, till_rights.of(db, owner_id, today=today))
    return OrderDraft(tuple(till_prices.voucher_lines(lines)), asked.order_no, asked.system)


def price(
    db: Session,
    owner_id: int,
    asked: Asked,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
) -> TillQuote:
    """A quote with every step; nothing is used up. The same request twice is one quote."""
    known = db.scalar(select(TillQuote).where(TillQuote.request_id == request_id))
    if known is not None:
        return known
    bill, vouchers = _worked_out(db, owner_id, asked, today=today)
    made = TillQuote(
        owner_id=owner_id,
        request_id=request_id,
        order_no=asked.order_no,
        order_system=asked.system if asked.order_no else "",
        tier=standing_of(db, owner_id, today=today).tier,
        lines=[as_stored(one) for one in bill.lines],
        vouchers=[
            {"id": one.id, "fen": fen} for one, fen in zip(vouchers, bill.vouchers, strict=True)
        ],
        list_fen=bill.list_fen,
        discount_fen=bill.discount_fen,
        voucher_fen=bill.voucher_fen,
        points=bill.points,
        points_fen=bill.points_fen,
        pay_fen=bill.pay_fen,
        priced_on=today,
        priced_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    return made


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
    asked = asked_of(quote)
    bill, vouchers = _worked_out(db, quote.owner_id, asked, today=today)
    if [as_stored(one) for one in bill.lines] != quote.lines or bill.points != quote.points:
        raise NotAsPriced(N_("Prices changed since this quote. Please price the order again."))
    draft = draft_of(db, quote.owner_id, asked, today=today)
    for voucher, fen in zip(vouchers, bill.vouchers, strict=True):
        voucher_use.redeem_for(db, quote, voucher, draft, fen=fen, today=today, by=by, now=now)
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
        voucher_return.give_use_back(db, use, reason=reason, by=by, now=now)
    if quote.entry_id is not None:
        spending = db.get_one(LedgerEntry, quote.entry_id)
        ledger.undo(db, spending, reason=reason.strip()[:LONGEST], on=today, by=by, now=now)
    audit.record(db, "quote.undo", "quote", quote.id, by=by, now=now)
    till_cover.settle_again(db, noted_on_quote(quote), today=today, now=now)
    db.flush()


def asked_of(quote: TillQuote) -> Asked:
    """What was typed for a quote."""
    return Asked(
        tuple(item_of(one) for one in quote.lines),
        tuple(one["id"] for one in quote.vouchers),
        quote.points,
        quote.order_no,
        quote.order_system,
    )


def newest(db: Session, *, most: int = 12) -> Sequence[TillQuote]:
    """The newest quotes, whoever's."""
    return db.scalars(
        select(TillQuote)
        .order_by(TillQuote.id.desc())
        .limit(most)
        .options(joinedload(TillQuote.owner))
    ).all()


def most_points(db: Session, owner_id: int, asked: Asked, *, today: date) -> int:
    """How many points the order takes, and the owner has."""
    try:
        bill, _vouchers = _worked_out(db, owner_id, asked, today=today, check=False)
    except Refusal:
        return 0
    return max(min(bill.most_points, till_rights.usable_points(db, owner_id, today=today)), 0)


def _worked_out(
    db: Session, owner_id: int, asked: Asked, *, today: date, check: bool = True
) -> tuple[Bill, list[Voucher]]:
    if not any(one.fen > 0 for one in asked.items):
        raise NothingToPrice(N_("Please enter at least one line with its price."))
    vouchers = _chosen(db, owner_id, asked, today) if asked.voucher_ids else []
    bill = till_prices.bill(
        asked.items,
        till_rights.of(db, owner_id, today=today),
        [terms_of(one.kind) for one in vouchers],
        points=asked.points,
        points_per_yuan=tunables.value(db, POINTS_PER_YUAN),
    )
    if check and asked.points and not is_member(db, owner_id):
        raise ledger.NotAMember(N_("Points can be used by members of the club."))
    usable = till_rights.usable_points(db, owner_id, today=today)
    if check and asked.points > min(bill.most_points, usable):
        raise TooManyPoints(
            N_("This order takes %(most)s points at most; the member can use %(have)s."),
            most=bill.most_points,
            have=usable,
        )
    return bill, vouchers


def _chosen(db: Session, owner_id: int, asked: Asked, today: date) -> list[Voucher]:
    """The owner's vouchers in the order chosen; one that cannot be used says why."""
    found = db.scalars(
        select(Voucher)
        .where(Voucher.id.in_(asked.voucher_ids), Voucher.owner_id == owner_id)
        .options(joinedload(Voucher.kind))
        .execution_options(populate_existing=True)
    ).all()
    held = {one.id: one for one in found}
    draft = draft_of(db, owner_id, asked, today=today)
    chosen = [held[one] for one in dict.fromkeys(asked.voucher_ids) if one in held]
    for voucher in chosen:
        no = voucher_use.why_not(db, voucher, draft, today=today)
        if no is not None:
            raise no
    return chosen


def _spend(db: Session, quote: TillQuote, today: date, by: int | None, now: datetime) -> int:
    entry = ledger.spend(
        db,
        quote.owner_id,
        quote.points,
        cause_kind=CAUSE,
        cause_id=str(quote.id),
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
