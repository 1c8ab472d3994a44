"""The ledger against itself: entries, lots, allocations and facts must say the same (R1).

The database compares; only what differs comes out, so a club of any size is checked in little
memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from club.models import Allocation, LedgerEntry, Lot
from members.models import MemberFacts

AT_ONCE = 500
Pairs = Select[int, int]
Findings = Select[int, int, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """What should be equal and is not: `kind` names the pair, `id` the owner, lot or entry."""

    kind: str
    id: int
    left: int
    right: int


def differences(db: Session) -> Iterator[Difference]:
    """Every owner, lot and entry of the whole ledger that does not add up.

    Per owner the entries, the open lots and the facts have one sum, and points never stand beside
    debts; per lot what is left is what the allocations left, never more than came nor on the
    other side of zero; per entry the lot it opened and what it moved make its points; and what
    belongs together belongs to one owner.
    """
    yield from _unequal(db, "entries-lots", _by_owner(LedgerEntry), _by_owner(Lot))
    yield from _unequal(db, "lots-facts", _by_owner(Lot), _by_owner(MemberFacts))
    yield from _unequal(db, "rest-allocations", _gone(), _allocated())
    yield from _unequal(db, "entry-movements", _of_entries(), _moved())
    yield from _found(db, "points-beside-debts", _mixed())
    yield from _found(db, "rest-beyond-lot", _beyond())
    yield from _found(db, "lot-owner", _strange_lots())
    yield from _found(db, "allocation-owner", _strange_allocations())


def _unequal(db: Session, kind: str, left: Pairs, right: Pairs) -> Iterator[Difference]:
    """The keys whose two sums differ; a key that one side does not know has nothing there."""
    ours, theirs = left.subquery(), right.subquery()
    nothing = literal(0)
    both = union_all(
        select(ours.c[0].label("id"), ours.c[1].label("ours"), nothing.label("theirs")),
        select(theirs.c[0], nothing, theirs.c[1]),
    ).subquery()
    mine, other = func.sum(both.c.ours), func.sum(both.c.theirs)
    query = select(both.c.id, mine, other).group_by(both.c.id).having(mine != other)
    yield from _found(db, kind, query.order_by(both.c.id))


def _found(db: Session, kind: str, query: Findings) -> Iterator[Difference]:
    rows = db.execute(query.execution_options(yield_per=AT_ONCE))
    for key, left, right in rows:
        yield Difference(kind, key, int(left), int(right))


def _by_owner(table: type[LedgerEntry] | type[Lot] | type[MemberFacts]) -> Pairs:
    """What each owner has, as this table says."""
    return select(table.owner_id, table.rest if table is Lot else table.points)


def _gone() -> Pairs:
    """What has left each lot since it was opened."""
    return select(Lot.id, Lot.rest - Lot.points)


def _allocated() -> Pairs:
    return select(Allocation.lot_id, Allocation.points)


def _of_entries() -> Pairs:
    return select(LedgerEntry.id, LedgerEntry.points)


def _moved() -> Pairs:
    """Per entry the points of the lot that it opened and what it moved in others."""
    opened = select(Lot.entry_id, Lot.points)
    moved = select(Allocation.entry_id, Allocation.points)
    both = union_all(opened, moved).subquery()
    return select(both.c[0], both.c[1])


def _mixed() -> Findings:
    """Owners with points and with a debt."""
    points = func.sum(case((Lot.rest > 0, Lot.rest), else_=0))
    debts = func.sum(case((Lot.rest < 0, Lot.rest), else_=0))
    query = select(Lot.owner_id, points, debts).where(Lot.rest != 0).group_by(Lot.owner_id)
    return query.having(points > 0, debts < 0).order_by(Lot.owner_id)


def _beyond() -> Findings:
    """Lots that hold more than came, and lots on the other side of zero."""
    more = func.abs(Lot.rest) > func.abs(Lot.points)
    crossed = or_((Lot.rest > 0) & (Lot.points < 0), (Lot.rest < 0) & (Lot.points > 0))
    return select(Lot.id, Lot.points, Lot.rest).where(or_(more, crossed)).order_by(Lot.id)


def _strange_lots() -> Findings:
    """Lots of another owner than the entry that opened them."""
    query = select(Lot.id, Lot.owner_id, LedgerEntry.owner_id)
    query = query.join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
    return query.where(Lot.owner_id != LedgerEntry.owner_id).order_by(Lot.id)


def _strange_allocations() -> Findings:
    """Lots that an entry of another owner moved, each by one of its allocations.

    What met when two archives were merged and was taken back when they were parted again stays in
    the ledger: settlements, of no points, may name a lot of the other if they add up to nothing.
    """
    query = select(func.min(Allocation.id), LedgerEntry.owner_id, Lot.owner_id)
    query = query.join(LedgerEntry, LedgerEntry.id == Allocation.entry_id)
    query = query.join(Lot, Lot.id == Allocation.lot_id)
    query = query.where(LedgerEntry.owner_id != Lot.owner_id)
    query = query.group_by(Lot.id, Lot.owner_id, LedgerEntry.owner_id)
    left = func.sum(Allocation.points) != 0
    no_settlement = func.max(func.abs(LedgerEntry.points)) != 0
    return query.having(or_(left, no_settlement)).order_by(func.min(Allocation.id))
