"""A file of opening balances: signed by a second person, applied in one go, taken back whole.

Whoever signs types the sum of the points that will come in: the old system's sum without what the
report lists apart. What was checked, signed and applied must be one and the same, else nothing is
applied (R12, R46).
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from club import opening_undo
from foundation import audit, clock
from foundation.refusals import Refusal
from foundation.words import N_
from portal.importing import reporting, unmaking
from portal.importing.kinds import SHAPES
from portal.importing.recording import parts, unreadable
from portal.importing.standing import NotNow, Turn, hold
from portal.models import BatchState, FileKind, ImportBatch

CHANGED = N_("The club changed since the check, so nothing was applied. Please check it again.")
BROKEN = N_("Applying it stopped by a fault of ours, and nothing was applied. Please check again.")


class NotYourOwn(Refusal):
    """Whoever brought a file in does not sign it."""


class SumDiffers(Refusal):
    """The sum that was typed is not that of the file."""


class NothingToSign(Refusal):
    """The file brings nothing new."""


def sign(db: Session, batch: ImportBatch, points: int, *, by: int, now: datetime) -> None:
    """A second person vouches for a checked file; then the worker applies it."""
    hold(db, batch, BatchState.CHECKED)
    db.refresh(batch, ["account_id", "sums", "created"])
    if batch.kind is not FileKind.BALANCES:
        raise NotNow(N_("Only opening balances are signed."))
    if batch.account_id is None or batch.account_id == by:
        raise NotYourOwn(N_("Please let a colleague sign: two people answer for a file."))
    if not batch.created:
        raise NothingToSign(N_("This file brings nothing new, so there is nothing to sign."))
    if points != batch.sums["points"]:
        raise SumDiffers(
            N_("%(typed)s is not the sum of the points that will come in. Please add up again."),
            typed=points,
        )
    batch.state, batch.turn_until = BatchState.APPLYING, None
    batch.signed_by_id, batch.signed_at, batch.fault = by, now, None
    audit.record(db, "balances.sign", "import_batch", batch.id, by=by, now=now, points=points)
    db.flush()


def apply(
    db: Session,
    batch: ImportBatch,
    *,
    hash_key: str,
    now: datetime,
    clock: Callable[[], datetime] = clock.now,
) -> Iterator[None]:
    """Apply a signed file whole; the caller commits after each step, of which the last is all.

    Another sum than the signed one leaves everything as it was.
    """
    turn = Turn(db, batch.id, BatchState.APPLYING, clock)
    if not turn.take():
        return
    db.refresh(batch)
    db.refresh(batch, ["content"])
    yield
    shape = SHAPES[batch.kind]
    read = shape.read(batch.content or b"", batch.filename, batch.mapping)
    outcomes = unreadable(read.refused)
    for rows in parts(read.rows):
        outcomes += shape.record(db, batch, rows, now, hash_key=hash_key).outcomes
    if shape.sums_of(outcomes) != batch.sums:
        db.rollback()
        give_back(db, batch.id, CHANGED)
        yield
        return
    if not turn.keep():
        db.rollback()
        return
    reporting.clear(db, batch)
    reporting.add(db, batch, outcomes)
    batch.state, batch.applied_at, batch.turn_until = BatchState.APPLIED, now, None
    batch.content, batch.preview = None, None
    counts = reporting.counts(batch)
    audit.record(
        db, "balances.apply", "import_batch", batch.id, by=batch.signed_by_id, now=now, **counts
    )
    db.flush()
    yield


def give_back(db: Session, batch_id: int, why: str = BROKEN) -> None:
    """The file waits for a new check and a new signature, and says why."""
    again = update(ImportBatch).where(
        ImportBatch.id == batch_id, ImportBatch.state == BatchState.APPLYING
    )
    gone = {"signed_by_id": None, "signed_at": None, "turn_until": None}
    fault = {"message": why, "values": {}}
    db.execute(again.values(state=BatchState.UPLOADED, fault=fault, **gone))


def take_back(db: Session, batch: ImportBatch, *, today: date, by: int, now: datetime) -> int:
    """Undo a whole file while nothing of it was used; how many things went again.

    The card numbers, owners and cars that only this file made go too. Owners who have more by now
    stay, and the file says how many.
    """
    db.refresh(batch, ["state"], with_for_update=True)
    if batch.kind is not FileKind.BALANCES or batch.state is not BatchState.APPLIED:
        raise NotNow(N_("Only opening balances that were applied can be taken back."))
    count = opening_undo.take_back(db, batch.id, today=today, by=by, now=now)
    unmade = unmaking.unmake(db, batch)
    batch.state, batch.undone_by_id, batch.undone_at = BatchState.UNDONE, by, now
    batch.sums = batch.sums | {"owners_gone": unmade.gone, "owners_kept": unmade.kept}
    said = {"things": count, "owners": unmade.gone, "kept": unmade.kept}
    audit.record(db, "balances.undo", "import_batch", batch.id, by=by, now=now, **said)
    db.flush()
    return count
