"""Taking back a bonus whose cause turned out not to have happened (R1, R5, R8)."""

from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from club import facts
from club.models import EntryKind, LedgerEntry, Lot
from club.purses import Cause, expired_of, purse


def turn_of(db: Session, owner_id: int, cause_kind: str, stem: str) -> str:
    """The cause of a bonus that can be given again: `stem`, and `stem:2` once it was taken back."""
    taken = db.scalars(
        select(func.count()).where(
            LedgerEntry.owner_id == owner_id,
            LedgerEntry.kind == EntryKind.TAKE_BACK,
            LedgerEntry.cause_kind == cause_kind,
            or_(LedgerEntry.cause_id == stem, LedgerEntry.cause_id.startswith(f"{stem}:")),
        )
    ).one()
    return f"{stem}:{taken + 1}" if taken else stem


def take_back(
    db: Session,
    owner_id: int,
    *,
    cause_kind: str,
    cause_id: str,
    on: date,
    by: int | None,
    now: datetime,
) -> LedgerEntry | None:
    """What the bonus of a cause gave goes again, from its own lot first; None where it gave none.

    What had expired of it is not taken twice; what was spent becomes a debt.
    """
    held = purse(db, owner_id)
    bonus = db.scalar(
        select(LedgerEntry).where(
            LedgerEntry.owner_id == owner_id,
            LedgerEntry.kind == EntryKind.BONUS,
            LedgerEntry.cause_kind == cause_kind,
            LedgerEntry.cause_id == cause_id,
        )
    )
    if bonus is None:
        return None
    lot = db.scalars(select(Lot).where(Lot.entry_id == bonus.id)).one()
    points = bonus.points - expired_of(db, [lot]).get(lot.id, 0)
    cause = Cause(cause_kind, cause_id, on, now, by=by, reason=bonus.reason)
    own = [each for each in held.lots if each is lot]
    entry = held.draw(EntryKind.TAKE_BACK, points, cause.under(bonus.rule_version_id), first=own)
    facts.points_moved(db, owner_id, on=on)
    return entry
