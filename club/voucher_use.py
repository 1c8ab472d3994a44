"""Vouchers at the till: which may be used on an order, and using one (R7, R14, R15).

For a till: `usable_now` gives each voucher with what it would take off or why it cannot be used;
`redeem` uses one. Prices of several together: voucher_prices; taking a use back: voucher_return.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from club import agreements, till_cover, till_orders, voucher_prices, voucher_taking
from club.models import TillQuote, Voucher, VoucherState, VoucherUse
from club.till_orders import Noted
from club.voucher_kinds import terms_of
from club.voucher_prices import Line, face_fen
from foundation import audit
from foundation.money import yuan
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import ServiceOrder

MOST_SHOWN = 100
QUOTE = "quote:"
BILL_WANTED = N_("Please enter what the bill comes to, and for which kind of work.")


class NotUsable(Refusal):
    """The voucher cannot be used now, or not on this order."""


class MarkOfQuotes(Refusal):
    """A request that calls itself the use of a quote, which only the quote makes."""


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order before it is closed. No lines: what it comes to is not known here."""

    lines: tuple[Line, ...] = ()
    order_no: str | None = None
    system: str = ""
    """The system whose number it is, empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A voucher, what it would take off this order in fen, from which line where it is a free
    item, or why it cannot be used."""

    voucher: Voucher
    fen: int
    why_not: NotUsable | None
    line: int | None = None


def usable_now(db: Session, owner_id: int, order: OrderDraft, *, today: date) -> Sequence[Choice]:
    """The owner's vouchers that are not over, the usable first, then by what they take off."""
    held = db.scalars(
        select(Voucher)
        .where(
            Voucher.owner_id == owner_id,
            Voucher.state == VoucherState.ACTIVE,
            Voucher.used < Voucher.uses,
            or_(Voucher.until_on.is_(None), Voucher.until_on >= today),
        )
        .order_by(Voucher.until_on.is_(None), Voucher.until_on, Voucher.id)
        .options(joinedload(Voucher.kind))
        .limit(MOST_SHOWN)
    ).all()
    found = [choice_of(db, one, order, today=today) for one in held]
    return sorted(found, key=lambda one: (one.why_not is not None, -one.fen))


def choice_of(db: Session, voucher: Voucher, order: OrderDraft, *, today: date) -> Choice:
    """One voucher against one order."""
    no = why_not(db, voucher, order, today=today)
    if no is not None:
        return Choice(voucher, 0, no)
    terms = terms_of(voucher.kind)
    line = voucher_prices.item_line(terms, order.lines)
    return Choice(voucher, voucher_prices.off(terms, order.lines), None, line)


def why_not(db: Session, voucher: Voucher, order: OrderDraft, *, today: date) -> NotUsable | None:
    """The reason why the voucher cannot be used on this order today, None where it can."""
    if voucher.state is VoucherState.REVOKED:
        return NotUsable(N_("This voucher was taken back."))
    if voucher.used >= voucher.uses:
        return NotUsable(N_("This voucher is used up."))
    if voucher.state is VoucherState.EXPIRED or (voucher.until_on and voucher.until_on < today):
        return NotUsable(
            N_("This voucher ended on %(day)s."), day=(voucher.until_on or today).isoformat()
        )
    if _brought_by(db, voucher, order):
        return NotUsable(N_("It came with this order and is for the next visit."))
    if voucher.from_on > today:
        return NotUsable(
            N_("This voucher can be used from %(day)s on."), day=voucher.from_on.isoformat()
        )
    return _why_not_by_price(voucher, order) if order.lines else None


def _brought_by(db: Session, voucher: Voucher, order: OrderDraft) -> bool:
    """Whether the voucher came with this very order (R15)."""
    if voucher.order_id is None or order.order_no is None:
        return False
    source = db.get_one(ServiceOrder, voucher.order_id)
    return source.external_id == order.order_no and order.system in ("", source.source)


def _why_not_by_price(voucher: Voucher, order: OrderDraft) -> NotUsable | None:
    terms = terms_of(voucher.kind)
    eligible = voucher_prices.eligible_fen(terms, order.lines)
    if eligible == 0 and any(line.agreed for line in order.lines):
        return NotUsable(N_("The agreed price stands in for vouchers; they are not added to it."))
    if eligible == 0:
        return NotUsable(N_("Nothing on this order is of the work it is for."))
    if eligible < terms.minimum_fen:
        return NotUsable(
            N_("It is for spending of ¥%(amount)s or more."), amount=yuan(terms.minimum_fen)
        )
    return None


def redeem(
    db: Session,
    voucher: Voucher,
    order: OrderDraft,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
    fen: int | None = None,
) -> VoucherUse:
    """Use the voucher once; the same request twice is one use. Its order earns without it (R7).

    `fen` is what it took off where somebody else worked it out; else it is worked out here, for
    which the bill is needed where the voucher's terms look at it.
    """
    if request_id.startswith(QUOTE):
        raise MarkOfQuotes(N_("This page is out of date. Please open the voucher again."))
    noted = Noted(order.order_no or "", order.system, voucher.owner_id, any_owner=True)
    till_cover.hold(db, noted)
    known = voucher_taking.of_request(db, voucher.id, request_id)
    if known is not None:
        return known
    order = _beside_agreed(db, voucher, order, noted, today)
    use = _redeem(db, voucher, order, request_id=request_id, today=today, by=by, now=now, fen=fen)
    till_cover.settle_again(db, noted, today=today, now=now)
    return use


def _beside_agreed(
    db: Session, voucher: Voucher, order: OrderDraft, noted: Noted, today: date
) -> OrderDraft:
    """The order with the lines marked that have an agreed price, the holder's or that of whose
    order it is: it stands in for vouchers, so what the work is must be known."""
    meant = till_orders.meant(db, noted) if noted.number else None
    whose = {voucher.owner_id, meant.owner_id if meant else voucher.owner_id}
    agreed = {kind for one in whose for kind in agreements.in_force(db, one, today=today)}
    if agreed and not (order.lines and all(line.kind for line in order.lines)):
        raise NotUsable(BILL_WANTED)
    marked = (replace(one, agreed=one.agreed or one.kind in agreed) for one in order.lines)
    return replace(order, lines=tuple(marked))


def redeem_for(
    db: Session,
    quote: TillQuote,
    voucher: Voucher,
    order: OrderDraft,
    *,
    fen: int,
    today: date,
    by: int | None,
    now: datetime,
) -> VoucherUse:
    """Use the voucher with the rest of a quote, which priced it and covers its order."""
    return _redeem(
        db,
        voucher,
        order,
        request_id=f"{QUOTE}{quote.id}",
        today=today,
        by=by,
        now=now,
        fen=fen,
        quote_id=quote.id,
    )


def _redeem(
    db: Session,
    voucher: Voucher,
    order: OrderDraft,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
    fen: int | None,
    quote_id: int | None = None,
) -> VoucherUse:
    """One conditional update takes the use, so that however many try, no more than `uses` do."""
    terms = terms_of(voucher.kind)
    no = why_not(db, voucher, order, today=today)
    if no is None and fen is None and not order.lines and voucher_prices.needs_bill(terms):
        no = NotUsable(BILL_WANTED)
    if no is None and not voucher_taking.take(db, voucher, today):
        db.refresh(voucher)
        no = why_not(db, voucher, order, today=today) or NotUsable(N_("This voucher is used up."))
    if no is not None:
        raise no
    db.refresh(voucher)
    if fen is None:
        fen = voucher_prices.off(terms, order.lines) if order.lines else face_fen(terms)
    use = VoucherUse(
        voucher_id=voucher.id,
        request_id=request_id,
        used_on=today,
        used_at=now,
        account_id=by,
        order_no=order.order_no,
        order_system=order.system if order.order_no else "",
        bill_fen=sum(line.fen for line in order.lines) if order.lines else None,
        work=order.lines[0].kind if len(order.lines) == 1 else None,
        quote_id=quote_id,
        fen=fen,
    )
    db.add(use)
    db.flush()
    audit.record(
        db, "voucher.redeem", "voucher", voucher.id, by=by, now=now, order=order.order_no or "—"
    )
    db.flush()
    return use
