"""All rows that go over to the owner who stays, letters and ledger included, and their way back."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from club.models import LedgerEntry
from foundation.outbox import Letter
from portal.merge_rows import AT_ONCE, give, move, places

LETTERS = "letter"
UNSYNCHRONISED = {"synchronize_session": False}
Moved = dict[str, list[int]]


def move_all(db: Session, gone_id: int, kept_id: int) -> Moved:
    """Let everything that names `gone` name `kept`; the ids of what moved, by column."""
    _keep_causes_apart(db, kept_id, gone_id)
    moved = {place.name: move(db, place, gone_id, kept_id) for place in places()}
    mine = (Letter.recipient_kind == "owner") & (Letter.recipient_id == gone_id)
    moved[LETTERS] = list(db.scalars(select(Letter.id).where(mine).order_by(Letter.id)))
    _give_letters(db, moved[LETTERS], kept_id)
    return {name: ids for name, ids in moved.items() if ids}


def move_all_back(db: Session, moved: Mapping[str, list[int]], gone_id: int) -> None:
    """Let what moved name `gone` again."""
    for place in places():
        give(db, place, moved.get(place.name, []), gone_id)
    _give_letters(db, moved.get(LETTERS, []), gone_id)
    ours = update(LedgerEntry).where(
        LedgerEntry.owner_id == gone_id, LedgerEntry.cause_id.endswith(_mark(gone_id))
    )
    plain = func.replace(LedgerEntry.cause_id, _mark(gone_id), "")
    db.execute(ours.values(cause_id=plain), execution_options=UNSYNCHRONISED)


def _keep_causes_apart(db: Session, kept_id: int, gone_id: int) -> None:
    """Both may have had points for the same cause; each entry stays, under a name of its own."""
    there = LedgerEntry.__table__.alias()
    same = select(there.c.id).where(
        there.c.owner_id == kept_id,
        there.c.kind == LedgerEntry.kind,
        there.c.cause_kind == LedgerEntry.cause_kind,
        there.c.cause_id == LedgerEntry.cause_id,
    )
    twins = update(LedgerEntry).where(LedgerEntry.owner_id == gone_id, same.exists())
    named = LedgerEntry.cause_id + _mark(gone_id)
    db.execute(twins.values(cause_id=named), execution_options=UNSYNCHRONISED)


def _mark(gone_id: int) -> str:
    return f" of {gone_id}"


def _give_letters(db: Session, ids: Sequence[int], owner_id: int) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = update(Letter).where(Letter.id.in_(ids[start : start + AT_ONCE]))
        db.execute(some.values(recipient_id=owner_id), execution_options=UNSYNCHRONISED)
