"""What quotes and vouchers at the till took off an order must not earn (R7).

A file may bring the order at its list price. Then what a quote covered is taken off the lines
that would earn, and a voucher used by itself off those of its kind of work, in proportion. A file
that brings what was paid, or lines of their own for points and vouchers, is believed as it is.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from club import till_orders
from club.models import QuoteState, TillQuote, Voucher, VoucherUse
from club.till_orders import Noted
from members.models import NEVER_EARN, OrderLine, PaidBy, ServiceOrder

_OF_QUOTES, _OF_VOUCHERS = frozenset({PaidBy.POINTS, PaidBy.VOUCHER}), frozenset({PaidBy.VOUCHER})
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What came off an order; `kinds` are the work it is for, none means any.

    `before_fen` is what the lines of `bill_kinds` came to before, where anybody knows. Lines of
    their own, paid by one of `told_by`, tell it already.
    """

    fen: int
    told_by: frozenset[PaidBy]
    before_fen: int | None = None
    bill_kinds: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


def covered(db: Session, lines: Collection[OrderLine]) -> dict[int, int]:
    """By line id the fen that the till took off, for all lines of orders that it knows."""
    orders = {line.order for line in lines}
    found: dict[int, int] = {}
    for order, taken in _taken_of(db, orders).items():
        found |= _shares(order.lines, taken)
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
    return Taken(quote.list_fen - quote.pay_fen, _OF_QUOTES, quote.list_fen)


def _of_use(use: VoucherUse, before: Sequence[Taken]) -> Taken:
    """A use whose bill nobody typed came after what is known of the order, if anything is."""
    work = frozenset([use.work.value] if use.work else ())
    bill, bill_kinds = use.bill_fen, work
    if bill is None and before and before[-1].before_fen is not None:
        bill, bill_kinds = before[-1].before_fen - before[-1].fen, before[-1].bill_kinds
    kinds = work or frozenset(use.voucher.kind.order_kinds)
    return Taken(use.fen, _OF_VOUCHERS, bill, bill_kinds, kinds)


def _shares(lines: Sequence[OrderLine], taken: Iterable[Taken]) -> dict[int, int]:
    """What of each line was not paid with money; all of them are named."""
    ours = [line for line in lines if _earns(line)]
    shares = {line.id: 0 for line in lines}
    for one in taken:
        if not any(line.paid_by in one.told_by for line in lines):
            over = _not_told(one, _of_kinds(ours, one.bill_kinds))
            _spread(over, _of_kinds(ours, one.kinds), shares)
    return shares


def _not_told(one: Taken, lines: Sequence[OrderLine]) -> int:
    """As much of it as the file did not take off already, seen from what its lines come to."""
    if one.before_fen is None:
        return one.fen
    paid = one.before_fen - one.fen
    if sum(line.fen for line in lines if line.refund_of_id is None) == paid:
        return 0
    return min(one.fen, max(sum(line.fen for line in lines if line.fen > 0) - paid, 0))


def _spread(over: int, lines: Sequence[OrderLine], shares: dict[int, int]) -> None:
    """Lay it over what is left of the lines, never more than that."""
    left = {line.id: line.fen - shares[line.id] for line in lines if line.fen > 0}
    total, passed, done = sum(left.values()), 0, 0
    over = min(over, total)
    for line_id, fen in left.items():
        passed += fen
        share = over * passed // total - done if total else 0
        done += share
        shares[line_id] += share


def _of_kinds(lines: Sequence[OrderLine], kinds: Collection[str]) -> Sequence[OrderLine]:
    """The lines of this work; all of them where the file tells of none."""
    some = [line for line in lines if line.kind is not None and line.kind.value in kinds]
    return some or lines


def _earns(line: OrderLine) -> bool:
    return line.paid_by is PaidBy.OWNER and line.kind not in NEVER_EARN
