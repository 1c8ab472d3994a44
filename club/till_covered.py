"""What a quote at the till took off an order must not earn when a file brings the order (R7).

A file may bring the order at its list price. Then what discount, vouchers and points covered is
taken off the lines that would earn, in proportion. A file that brings what was paid, or lines of
their own for points and vouchers, is believed as it is.
"""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import QuoteState, TillQuote
from members.models import NEVER_EARN, OrderLine, PaidBy

_BY_HAND = {PaidBy.POINTS, PaidBy.VOUCHER}


def covered(db: Session, lines: Collection[OrderLine]) -> dict[int, int]:
    """By line id the fen that the order's quote covered, for orders that have one."""
    numbers = {line.order.external_id for line in lines if line.fen > 0}
    if not numbers:
        return {}
    applied = select(TillQuote).where(
        TillQuote.state == QuoteState.APPLIED, TillQuote.order_no.in_(numbers)
    )
    quotes = {(one.order_no, one.owner_id): one for one in db.scalars(applied)}
    if not quotes:
        return {}
    found: dict[int, int] = {}
    for order in {line.order for line in lines}:
        quote = quotes.get((order.external_id, order.owner_id))
        if quote is not None:
            found |= _shares(quote, order.lines)
    return found


def _shares(quote: TillQuote, lines: Collection[OrderLine]) -> dict[int, int]:
    """What of each line is over what the owner paid, never more than the quote took off."""
    if any(line.paid_by in _BY_HAND for line in lines):
        return {}
    earning = [line for line in lines if line.fen > 0 and _earns(line)]
    total = sum(line.fen for line in earning)
    over = min(max(total - quote.pay_fen, 0), quote.list_fen - quote.pay_fen)
    shares, passed, done = {}, 0, 0
    for line in earning:
        passed += line.fen
        shares[line.id] = over * passed // total - done
        done += shares[line.id]
    return shares


def _earns(line: OrderLine) -> bool:
    return line.paid_by is PaidBy.OWNER and line.kind not in NEVER_EARN
