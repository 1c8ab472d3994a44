"""Two purses become one, and two again: points pay the debts that they meet (R1, R13)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import Allocation, EntryKind, LedgerEntry, Lot
from club.purses import Cause, purse


def pool(db: Session, owner_id: int, cause: Cause) -> LedgerEntry | None:
    """Let the owner's points close the owner's debts; None when the two do not meet.

    Nothing comes or goes: an entry of no points holds what moved between the lots.
    """
    return purse(db, owner_id).settle(EntryKind.ADJUST, cause)


def part(db: Session, settled: LedgerEntry, cause: Cause) -> LedgerEntry:
    """Take back what a settlement moved: points and debts stand beside each other again."""
    entry = LedgerEntry(
        owner_id=settled.owner_id,
        kind=EntryKind.ADJUST,
        points=0,
        effective_on=cause.on,
        recorded_at=cause.now,
        cause_kind=cause.kind,
        cause_id=cause.id,
        account_id=cause.by,
        reason=cause.reason,
        details={},
    )
    db.add(entry)
    moved = select(Lot, Allocation.points).join(Allocation, Allocation.lot_id == Lot.id)
    for lot, points in db.execute(moved.where(Allocation.entry_id == settled.id)).all():
        lot.rest -= points
        db.add(Allocation(entry=entry, lot=lot, points=-points))
    db.flush()
    return entry
