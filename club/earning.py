"""What order lines earn, and what refunds take back (R5, R7, R8, R11).

How the decided points are read, so that the figures come out the same for everybody:

- Lines are taken by service day; within a day purchases, then refunds, then external id, then
  the system whose number it is.
- The rate is that of the line's kind and of the tier held before its order, reviews of earlier
  days included, under the rules of its service day: all lines of an order meet one tier. An order
  of a day already passed takes the tier that the orders before it lead to as they stand now.
- A refund without a link takes fen off the newest lines up to its own day, packages sold by
  ourselves last; what it finds no line for lowers net spend and nothing else. A linked refund
  takes off its line and no other. Refunds speak in the price at which the line came, so of a line
  that the till took a tenth off they take nine tenths of their fen.
- After a refund the path through the tiers is walked again over what still stands, as if what was
  given back had never been bought.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import facts, pending, refund_cuts, tiers
from club.earning_lines import OwnerBook, note_delay, note_energies, open_books, place_of
from club.history import Place
from club.line_points import draw, enter, held
from club.models import Earning, EntryKind, LedgerEntry
from club.purses import Cause
from club.tier_path import CORRECTION, REFUND
from club.till_covered import covered
from foundation import tunables
from members.models import NEVER_EARN, OrderLine, PaidBy

LINE = "order-line"


def left_out(line: OrderLine) -> str | None:
    """Why a line neither earns nor counts (R7), None where it does."""
    if line.kind in NEVER_EARN:
        return str(line.kind)
    return None if line.paid_by is PaidBy.OWNER else f"paid-by-{line.paid_by.value}"


def settle(
    db: Session, lines: Sequence[OrderLine], *, until: date, today: date, now: datetime
) -> None:
    """Earn for new lines, take back for refunds, correct lines that changed.

    `lines` are flushed and have their order; a line that did not change must not be among them.
    Owners are brought up to the day `until`: today for an order of the day, the last service day
    for a part of a long file, whose next part must not find reviews held before their time.
    Nothing that an earlier settling wrote is edited: corrections are entries of their own.
    """
    books = open_books(db, {line.order.owner_id for line in lines})
    note_energies(db, books.values(), lines)
    note_delay(books.values(), tunables.value(db, pending.DELAY), today)
    refund_cuts.load(db, books, lines)
    took = _took_before(db, lines)
    covers = covered(db, lines)
    for book in books.values():
        book.covers, book.coming = covers, {line.id for line in lines}
    for line in sorted([*lines, *_moved(books, lines)], key=_turn):
        book = books[line.order.owner_id]
        book.coming.discard(line.id)
        if line.id in book.earnings or line.id in took or book.cuts_by.get(line.id):
            _correct(db, book, line, now)
        elif line.fen < 0:
            _take_back(db, book, line, now, _cause(line, now))
        else:
            _earn(db, book, line, now)
    for book in books.values():
        book.close(until, now=now)
        tiers.keep(db, book.standing, book.path, today=today, now=now)
    db.flush()
    facts.refresh(db, books, today=until)


def _took_before(db: Session, lines: Collection[OrderLine]) -> set[int]:
    """Refunds that took points when they first came, also where all was put back since."""
    refunds = [line.id for line in lines if line.fen < 0]
    entries = select(LedgerEntry.order_line_id).where(
        LedgerEntry.order_line_id.in_(refunds),
        LedgerEntry.kind == EntryKind.REFUND,
        LedgerEntry.cause_kind == LINE,
    )
    return {line_id for line_id in db.scalars(entries) if line_id} if refunds else set()


def _moved(books: dict[int, OwnerBook], lines: Collection[OrderLine]) -> list[OrderLine]:
    """Lines that earned before the rest of their order came, and whose cover is another now."""
    told = {line.id for line in lines}
    orders = {line.order for line in lines if line.id in books[line.order.owner_id].covers}
    others = [line for order in orders for line in order.lines if line.id not in told]
    return [line for line in others if books[line.order.owner_id].is_moved(line)]


def _turn(line: OrderLine) -> tuple[date, bool, Place]:
    return (line.order.serviced_on, line.fen < 0, place_of(line))


def _cause(line: OrderLine, now: datetime) -> Cause:
    return Cause(LINE, str(line.id), line.order.serviced_on, now, order_line_id=line.id)


def _earn(db: Session, book: OwnerBook, line: OrderLine, now: datetime) -> None:
    day, reason = line.order.serviced_on, left_out(line)
    earning = Earning(
        line=line,
        order_line_id=line.id,
        owner_id=book.owner_id,
        earned_on=day,
        fen=book.worth_of(line),
        fen_left=book.worth_of(line),
        multiplier=0,
        points=0,
        left_out=reason,
    )
    db.add(earning)
    if reason is None:
        _set_rate(book, earning, line)
        earning.points = held(earning, earning.fen)
        enter(book, earning, earning.points, EntryKind.EARN, _cause(line, now))
    book.add(place_of(line), earning, now=now)


def _set_rate(book: OwnerBook, earning: Earning, line: OrderLine) -> None:
    """The line's rate under the rules of its day, for the tier held before its order (R11)."""
    tier, day = book.tier_before(place_of(line)), earning.earned_on
    rate = book.rules.on(day).rate(book.work_of(line), tier, day)
    earning.multiplier = rate.hundredths
    earning.rule_version_id, earning.campaign_id = rate.version_id, rate.campaign_id


def _take_back(db: Session, book: OwnerBook, line: OrderLine, now: datetime, cause: Cause) -> None:
    """A refund line: fen off its line, or off the newest lines, and the points they held."""
    if left_out(line) is not None:
        return
    day, fen = line.order.serviced_on, -line.fen
    parts = []
    for earning in book.refundable(line.refund_of_id, day):
        told, points = refund_cuts.cut(db, book, line, earning, fen)
        if told:
            parts.append((earning, points))
            fen -= told
    if parts:
        draw(book, parts, cause)
        book.recount(tiers.Why(day, REFUND, line.id), now=now)


def _correct(db: Session, book: OwnerBook, line: OrderLine, now: datetime) -> None:
    """A line that was imported with other facts: by entries of its own, at its own multiplier."""
    nth = _entries_of_corrections(db, line) + 1
    cause = Cause(
        CORRECTION, f"{line.id}:{nth}", line.order.serviced_on, now, order_line_id=line.id
    )
    freed = refund_cuts.restore(db, book, line, cause)
    earning = book.earnings.get(line.id)
    if line.fen < 0:
        if earning is not None:
            _reprice(db, book, earning, line, 0, cause)
        _take_back(db, book, line, now, cause)
    elif earning is None:
        _earn(db, book, line, now)
    else:
        earning.left_out = left_out(line)
        _reprice(db, book, earning, line, book.worth_of(line), cause)
    _leave_to_others(db, book, freed, cause)
    book.recount(tiers.Why(line.order.serviced_on, CORRECTION, line.id), now=now)


def _leave_to_others(db: Session, book: OwnerBook, freed: Collection[int], cause: Cause) -> None:
    """What a corrected refund takes no longer is there for those that found nothing left."""
    for line_id in sorted(freed):
        earning = book.earnings[line_id]
        rest = cause.named(f"{cause.id}:{line_id}:rest", line_id)
        _reprice(db, book, earning, earning.line, earning.fen, rest)


def _reprice(
    db: Session, book: OwnerBook, earning: Earning, line: OrderLine, fen: int, cause: Cause
) -> None:
    """The line's fen become these; refunds take their part of them."""
    earning.fen, earning.fen_left = fen, min(fen, earning.fen_left)
    if earning.left_out is None and not earning.multiplier:
        _set_rate(book, earning, line)
    refund_cuts.lay_again(db, book, earning)
    points = held(earning, earning.fen_left)
    difference, earning.points = points - earning.points, points
    if difference > 0:
        enter(book, earning, difference, EntryKind.ADJUST, cause)
    elif difference < 0:
        draw(book, [(earning, -difference)], cause, EntryKind.ADJUST)


def _entries_of_corrections(db: Session, line: OrderLine) -> int:
    """How many causes the corrections of a line wrote, on whichever line: no fewer than their last
    number, so that the next one is new."""
    db.flush()
    found = db.scalars(
        select(func.count(func.distinct(LedgerEntry.cause_id))).where(
            LedgerEntry.owner_id == line.order.owner_id,
            LedgerEntry.cause_kind == CORRECTION,
            LedgerEntry.cause_id.startswith(f"{line.id}:"),
        )
    )
    return found.one()
