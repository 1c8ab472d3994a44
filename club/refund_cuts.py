"""What refunds took off the lines that earned (R5, R7).

A line that came at its list price may have earned on less, and its refunds speak in list prices
too. Each takes off of what still earns the part that it is of the list price; all together take
off all of it and no fen more. Where both lines tell how many pieces, a refund that is just what was
paid for its pieces takes the part that these are.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from club.earning_lines import OwnerBook
from club.line_points import enter, held
from club.models import Earning, EarningCut, EntryKind
from club.purses import Cause
from members.models import NEVER_EARN, OrderLine, PaidBy, ServiceOrder


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
    left = held(earning, earning.fen_left)
    points, earning.points = earning.points - left, left
    made = _cut(earning, line, fen=taken, told=told, points=points)
    db.add(made)
    book.cuts_by[line.id].append(made)
    return told, points


def lay_again(db: Session, book: OwnerBook, earning: Earning) -> None:
    """The line earns on other fen than before: each refund of it takes its part of these, and one
    that names it all that it says, however little was left when it came."""
    named = {refund.id: refund for refund in _naming(db, earning)}
    cuts = list(_cuts_on(db, earning))
    known = {one.refund_line_id for one in cuts} | book.coming
    cuts += [_cut(earning, one) for one in named.values() if one.id not in known]
    told = laid = 0
    for one in cuts:
        if refund := named.get(one.refund_line_id):
            says = _spoken(refund, earning, -refund.fen)
            one.told_fen = min(says, max(_price(earning) - told, 0))
        told += one.told_fen
        before, laid = laid, _share(earning, told)
        one.fen = laid - before
        one.points = held(earning, earning.fen - before) - held(earning, earning.fen - laid)
    earning.fen_left = earning.fen - laid
    db.add_all(one for one in cuts if one.told_fen)
    db.flush()


def _naming(db: Session, earning: Earning) -> Sequence[OrderLine]:
    """The refunds that name this line and count."""
    db.flush()
    return db.scalars(
        select(OrderLine)
        .join(OrderLine.order)
        .where(
            OrderLine.refund_of_id == earning.order_line_id,
            OrderLine.fen < 0,
            OrderLine.paid_by == PaidBy.OWNER,
            or_(OrderLine.kind.is_(None), OrderLine.kind.not_in(NEVER_EARN)),
        )
        .order_by(ServiceOrder.serviced_on, OrderLine.id)
        .options(contains_eager(OrderLine.order))
    ).all()


def _cut(
    earning: Earning, refund: OrderLine, *, fen: int = 0, told: int = 0, points: int = 0
) -> EarningCut:
    return EarningCut(
        earning=earning,
        refund_line_id=refund.id,
        fen=fen,
        told_fen=told,
        points=points,
        effective_on=refund.order.serviced_on,
    )


def restore(db: Session, book: OwnerBook, line: OrderLine, cause: Cause) -> set[int]:
    """What a refund took off is put back, before the refund as it is now takes its own; the lines
    that it was taken off."""
    cuts = book.cuts_by.pop(line.id, [])
    for one in cuts:
        earning = one.earning
        earning.fen_left = min(earning.fen, earning.fen_left + one.fen)
        db.delete(one)
        points = held(earning, earning.fen_left)
        back, earning.points = points - earning.points, points
        key = f"{cause.id}:{earning.order_line_id}"
        enter(book, earning, back, EntryKind.ADJUST, cause.named(key, earning.order_line_id))
    db.flush()
    return {one.order_line_id for one in cuts}


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
