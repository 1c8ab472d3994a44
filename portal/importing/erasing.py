"""Files that were never applied are not kept for ever: they name people."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from foundation import audit
from foundation.database import rows_changed
from portal.importing import reporting
from portal.importing.standing import OPEN, hold
from portal.models import BatchState, ImportBatch, ImportRow, RowOutcome

KEPT = timedelta(days=30)
UNUSED = (BatchState.UPLOADED, BatchState.CHECKING, BatchState.CHECKED)


def sweep(db: Session, *, now: datetime) -> int:
    """Erase files 30 days after they came in, unless they were applied; how many.

    Of a file that was tried the report goes too. Of one that stopped midway it stays, because it
    says which rows are in.
    """
    old = ImportBatch.uploaded_at < now - KEPT
    unused = select(ImportBatch.id).where(ImportBatch.state.in_(UNUSED), old)
    db.execute(delete(ImportRow).where(ImportRow.batch_id.in_(unused)))
    uncounted = dict.fromkeys((outcome.value for outcome in RowOutcome), 0)
    return _erase(db, UNUSED, old, uncounted) + _erase(db, (BatchState.FAILED,), old, {})


def discard(db: Session, batch: ImportBatch, *, by: int | None, now: datetime) -> None:
    """Erase a file at once that was not applied, with its report."""
    hold(db, batch, *OPEN)
    reporting.clear(db, batch)
    batch.state, batch.turn_until, batch.fault = BatchState.EXPIRED, None, None
    batch.content, batch.preview, batch.sums = None, None, {}
    audit.record(db, "import.discard", "import_batch", batch.id, by=by, now=now)
    db.flush()


def _erase(
    db: Session,
    states: Collection[BatchState],
    old: ColumnElement[bool],
    more: Mapping[str, int],
) -> int:
    gone = {"state": BatchState.EXPIRED, "content": None, "preview": None, "fault": None, **more}
    erased = update(ImportBatch).where(ImportBatch.state.in_(states), old)
    return rows_changed(db, erased.values(gone))
