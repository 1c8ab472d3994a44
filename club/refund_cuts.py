"""What refunds took off the lines that earned (R5, R7).

A line that came at its list price may have earned on less, and its refunds speak in list prices
too. Each takes off of what still earns the part that it is of the list price; all together take
off all of it and no fen more. Where both lines tell how many pieces, a refund that is just what was
paid for its pieces takes the part that these are.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.earning_lines import OwnerBook
from club.line_points import enter
from club.models import Earning, EarningCut, EntryKind
from club.purses import Cause
from foundation.money import floor_points
from members.models import OrderLine


def load(db: Session, books: dict[int, OwnerBook], lines: Collection[OrderLine]) -> None:
    """Tell the books what the refunds among these lines took off before."""
    refunds = {line.id: line.order.owner_id for line in lines}
    for one in db.scalars(select(EarningCut).where(EarningCut.refund_line_id.in_(refunds))):
        books[refunds[one.refund_line_id]].cuts_by[one.refund_line_id].append(one)


def cut(
    db: Session, book: OwnerBook, line: OrderLine, earning: Earning, fen: int
) -> tuple[int, int]:
    """Take up to so many fen of its price off a line: how many it bore, and points they held."""
    before = earning.fen - earning.fen_left
    if earning.covered_fen:
        before = sum(one.told_fen for one in _cuts_on(db, earning))
    told = min(_spoken(line, earning, fen), _price(earning) - before)
    if told <= 0:
        return 0, 0
    taken = _share(earning, before + told) - (earning.fen - earning.fen_left)
    earning.fen_left -= taken
    left = floor_points(earning.fen_left, earning.multiplier)
    points, earning.points = earning.points - left, left
    made = EarningCut(
        earning=earning,
        refund_line_id=line.id,
        fen=taken,
        told_fen=told,
        points=points,
        effective_on=line.order.serviced_on,
    )
    db.add(made)
    book.cuts_by[line.id].append(made)
    return told, points


def lay_again(db: Session, earning: Earning) -> None:
    """The line earns on other fen than before: each refund of it takes its part of these."""
    told = laid = 0
    for one in _cuts_on(db, earning):
        if one.refund_line.quantity and earning.line.quantity:
            spoken = _spoken(one.refund_line, earning, -one.refund_line.fen)
            one.told_fen = min(spoken, _price(earning) - told)
        told += one.told_fen
        share = _share(earning, told)
        one.fen, laid = share - laid, share
    earning.fen_left = earning.fen - laid


def restore(db: Session, book: OwnerBook, line: OrderLine, cause: Cause) -> None:
    """What a refund took off is put back, before the refund as it is now takes its own."""
    for one in book.cuts_by.pop(line.id, []):
        earning = one.earning
        earning.fen_left = min(earning.fen, earning.fen_left + one.fen)
        db.delete(one)
        points = floor_points(earning.fen_left, earning.multiplier)
        back, earning.points = points - earning.points, points
        key = f"{cause.id}:{earning.order_line_id}"
        enter(book, earning, back, EntryKind.ADJUST, cause.named(key, earning.order_line_id))
    db.flush()


def _spoken(line: OrderLine, earning: Earning, fen: int) -> int:
    """How many fen of the price a refund of so many speaks of: as many, or those of its pieces."""
    back, sold = line.quantity, earning.line.quantity
    if not (back and sold and earning.covered_fen) or line.refund_of_id != earning.order_line_id:
        return fen
    is_paid = abs(fen * sold - earning.fen * back) < sold
    return -(-_price(earning) * back // sold) if is_paid else fen  # up, so that thirds are all


def _price(earning: Earning) -> int:
    """The price in which refunds speak of the line."""
    return earning.fen + earning.covered_fen


def _share(earning: Earning, told: int) -> int:
    """The fen that go when so many of the price came back; fractions stay until the last."""
    price = _price(earning)
    return earning.fen * min(told, price) // price if price else 0


def _cuts_on(db: Session, earning: Earning) -> Sequence[EarningCut]:
    db.flush()
    return db.scalars(
        select(EarningCut)
        .where(EarningCut.order_line_id == earning.order_line_id)
        .order_by(EarningCut.id)
    ).all()
