"""What quotes and vouchers at the till took off an order must not earn (R7).

A file may bring the order at its list price. Then what a quote covered is taken off the lines
that would earn, for each kind of work what the quote's own lines of that kind lost, and a voucher
used by itself off those of its kind (club/till_shares.py). A file that brings what was paid, or
lines of their own for points and vouchers, is believed as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from club import till_orders, till_shares
from club.models import QuoteState, TillQuote, Voucher, VoucherUse
from club.till_orders import Noted
from club.till_shares import ANY, Part, Taken
from members.models import OrderLine, PaidBy, ServiceOrder

STEPS = ("points_fen", "voucher_fen", "discount_fen")
"""How a quote's lines name what came off them, the last step of the bill first."""
_OF_QUOTES, _OF_VOUCHERS = frozenset({PaidBy.POINTS, PaidBy.VOUCHER}), frozenset({PaidBy.VOUCHER})
AT_ONCE = 500


def covered(db: Session, lines: Collection[OrderLine]) -> dict[int, int]:
    """By line id the fen that the till took off, for all lines of orders that it knows."""
    orders = {line.order for line in lines}
    found: dict[int, int] = {}
    for order, taken in _taken_of(db, orders).items():
        found |= till_shares.shares(order.lines, taken)
    return found


def noted_on_quote(quote: TillQuote) -> Noted:
    """The order that a quote settles; a quote is the owner's alone."""
    return Noted(quote.order_no or "", quote.order_system, quote.owner_id)


def noted_on_use(use: VoucherUse) -> Noted:
    """The order that a voucher was used on; it may be a relative's or the company's."""
    return Noted(use.order_no or "", use.order_system, use.voucher.owner_id, any_owner=True)


def _taken_of(db: Session, orders: Collection[ServiceOrder]) -> dict[ServiceOrder, list[Taken]]:
    """By order what its quote took off, then each voucher."""
    by_number: dict[str, list[ServiceOrder]] = defaultdict(list)
    for order in orders:
        by_number[order.external_id].append(order)
    found: dict[ServiceOrder, list[Taken]] = defaultdict(list)
    for quote in _quotes(db, by_number):
        for order in by_number[quote.order_no or ""]:
            if till_orders.means(db, noted_on_quote(quote), order):
                found[order].append(_of_quote(quote))
    for use in _uses(db, by_number):
        for order in by_number[use.order_no or ""]:
            if till_orders.means(db, noted_on_use(use), order):
                found[order].append(_of_use(use, found[order]))
    return found


def _quotes(db: Session, numbers: Collection[str]) -> Iterator[TillQuote]:
    for some in _chunks(numbers):
        yield from db.scalars(
            select(TillQuote)
            .where(TillQuote.state == QuoteState.APPLIED, TillQuote.order_no.in_(some))
            .order_by(TillQuote.id)
        )


def _uses(db: Session, numbers: Collection[str]) -> Iterator[VoucherUse]:
    """The uses that stand, without those of quotes, which count with their quote."""
    for some in _chunks(numbers):
        yield from db.scalars(
            select(VoucherUse)
            .join(VoucherUse.voucher)
            .join(Voucher.kind)
            .options(contains_eager(VoucherUse.voucher).contains_eager(Voucher.kind))
            .where(
                VoucherUse.order_no.in_(some),
                VoucherUse.undone_at.is_(None),
                VoucherUse.quote_id.is_(None),
            )
            .order_by(VoucherUse.id)
        )


def _chunks(numbers: Collection[str]) -> Iterator[Sequence[str]]:
    every = sorted(numbers)
    for at in range(0, len(every), AT_ONCE):
        yield every[at : at + AT_ONCE]


def _of_quote(quote: TillQuote) -> Taken:
    """What each step took off the lines of the quote, by their kind of work."""
    return Taken([_parts(quote, step) for step in STEPS], _OF_QUOTES, quote.list_fen)


def _parts(quote: TillQuote, step: str) -> list[Part]:
    by_kind = Counter[str | None]()
    for line in quote.lines:
        by_kind[line["kind"]] += line[step]
    return [Part(fen, {kind}) for kind, fen in by_kind.items()]


def _of_use(use: VoucherUse, before: Sequence[Taken]) -> Taken:
    """A use whose bill nobody typed comes after what is known of the order, if anything is."""
    work: Collection[str | None] = {use.work.value} if use.work else ANY
    bill, bill_kinds = use.bill_fen, work
    if bill is None and before and before[-1].before_fen is not None:
        bill, bill_kinds = before[-1].before_fen - before[-1].fen, before[-1].bill_kinds
    part = Part(use.fen, work or use.voucher.kind.order_kinds)
    return Taken([[part]], _OF_VOUCHERS, bill, bill_kinds)
