"""The ledger against itself: entries, lots, allocations and facts must say the same (R1)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from club.models import Allocation, LedgerEntry, Lot
from members.models import MemberFacts


@dataclass(frozen=True, slots=True)
class Difference:
    """What should be equal and is not: `kind` names the pair, `id` the owner, lot or entry."""

    kind: str
    id: int
    left: int
    right: int


def differences(db: Session) -> Iterator[Difference]:
    """Every owner, lot and entry of the whole ledger that does not add up."""
    yield from _compare(db, "entries-lots", _entries(), _lots())
    yield from _compare(db, "lots-facts", _lots(), _facts())
    yield from _compare(db, "rest-allocations", _rests(), _allocated_by_lot())
    yield from _compare(db, "entry-movements", _points(), _moved_by_entry())


def _compare(
    db: Session, kind: str, left: Select[int, int], right: Select[int, int]
) -> Iterator[Difference]:
    ours = dict(db.execute(left).all())
    theirs = dict(db.execute(right).all())
    for key in sorted(ours.keys() | theirs.keys()):
        a, b = int(ours.get(key) or 0), int(theirs.get(key) or 0)
        if a != b:
            yield Difference(kind, key, a, b)


def _entries() -> Select[int, int]:
    return select(LedgerEntry.owner_id, func.sum(LedgerEntry.points)).group_by(LedgerEntry.owner_id)


def _lots() -> Select[int, int]:
    return select(Lot.owner_id, func.sum(Lot.rest)).group_by(Lot.owner_id)


def _facts() -> Select[int, int]:
    return select(MemberFacts.owner_id, MemberFacts.points)


def _rests() -> Select[int, int]:
    """What has left each lot since it was opened."""
    return select(Lot.id, Lot.rest - Lot.points)


def _allocated_by_lot() -> Select[int, int]:
    return select(Allocation.lot_id, func.sum(Allocation.points)).group_by(Allocation.lot_id)


def _points() -> Select[int, int]:
    return select(LedgerEntry.id, LedgerEntry.points)


def _moved_by_entry() -> Select[int, int]:
    """Per entry the points of the lot that it opened and what it moved in others."""
    opened = select(Lot.entry_id.label("entry_id"), Lot.points.label("points"))
    moved = select(Allocation.entry_id, Allocation.points)
    both = opened.union_all(moved).subquery()
    return select(both.c.entry_id, func.sum(both.c.points)).group_by(both.c.entry_id)
