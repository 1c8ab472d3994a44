"""A file is applied in parts that are committed one by one, and can go on behind the last one.

Rows are applied in service-date order. `apply` yields after each step: the caller commits there.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from club import tiers, voucher_rules
from foundation import audit, clock
from foundation.database import rows_changed
from foundation.words import N_
from members import facts
from portal.importing import effects, reporting
from portal.importing.kinds import SHAPES
from portal.importing.recording import parts, record, unreadable
from portal.importing.standing import OPEN, NotNow, Turn, hold
from portal.models import BatchState, FileKind, ImportBatch, ImportSource
from portal.order_rows import OrderRow, read_orders
from portal.row_cells import FileRead


def release(db: Session, batch: ImportBatch, *, by: int | None, now: datetime) -> None:
    """Let the worker apply the file: from its beginning, or from where it was stopped."""
    hold(db, batch, *OPEN, BatchState.FAILED)
    if batch.kind is not FileKind.ORDERS:
        raise NotNow(N_("Opening balances are applied by a signature."))
    SHAPES[batch.kind].columns_of(batch.headers, batch.filename, batch.mapping)
    if batch.state is not BatchState.FAILED:
        batch.resume_mark = 0
        reporting.clear(db, batch)
    batch.state, batch.turn_until = BatchState.APPLYING, None
    audit.record(db, "import.release", "import_batch", batch.id, by=by, now=now, rows=batch.rows)
    db.flush()


def apply(
    db: Session,
    batch: ImportBatch,
    *,
    hash_key: str,
    today: date,
    now: datetime,
    clock: Callable[[], datetime] = clock.now,
) -> Iterator[None]:
    """Apply a released file part by part; nothing happens while another worker is at it.

    At the end everybody whose points or tier are due on this day is brought up to it.
    """
    turn = Turn(db, batch.id, BatchState.APPLYING, clock)
    if not turn.take():
        return
    db.refresh(batch)
    db.refresh(batch, ["content"])
    yield
    read = read_orders(batch.content or b"", batch.filename, batch.mapping)
    if batch.resume_mark == 0:
        if not turn.keep():
            return
        _start_over(db, batch, read)
        yield
    for rows in parts(read.rows, batch.resume_mark):
        if not turn.keep():
            return
        _apply_part(db, batch, rows, hash_key=hash_key, today=today, now=now)
        yield
    while turn.keep() and tiers.review_due(db, today=today, now=now):
        yield
    if turn.keep():
        _finish(db, batch, now)
        yield


def stop(db: Session, batch_id: int, mark: int) -> bool:
    """Give up a file that broke behind `mark` rows; not one that another worker brought further."""
    stopped = update(ImportBatch).where(
        ImportBatch.id == batch_id,
        ImportBatch.state == BatchState.APPLYING,
        ImportBatch.resume_mark == mark,
    )
    return rows_changed(db, stopped.values(state=BatchState.FAILED, turn_until=None)) == 1


def _start_over(db: Session, batch: ImportBatch, read: FileRead[OrderRow]) -> None:
    reporting.clear(db, batch)
    batch.rows = len(read.rows) + len(read.refused)
    reporting.add(db, batch, unreadable(read.refused))
    db.flush()


def _apply_part(
    db: Session,
    batch: ImportBatch,
    rows: Sequence[OrderRow],
    *,
    hash_key: str,
    today: date,
    now: datetime,
) -> None:
    """The next rows, alone among the files of their source; others may be uploaded meanwhile."""
    source = select(ImportSource.id).where(ImportSource.id == batch.source_id)
    db.execute(source.with_for_update(key_share=True))
    part = record(db, batch.source.name, rows, hash_key=hash_key, today=today, now=now)
    until = min(max(row.on for row in rows), today)
    effects.settle(db, part, until=until, today=today, now=now)
    voucher_rules.settle(db, part.touched, today=today, now=now)
    facts.count_orders(db, part.owner_ids)
    reporting.add(db, batch, part.outcomes)
    batch.resume_mark += len(rows)
    db.flush()


def _finish(db: Session, batch: ImportBatch, now: datetime) -> None:
    batch.state, batch.applied_at, batch.turn_until = BatchState.APPLIED, now, None
    batch.content, batch.preview = None, None
    batch.sums = effects.sums_of(reporting.rows_of(db, batch))
    counts = reporting.counts(batch)
    audit.record(
        db, "import.apply", "import_batch", batch.id, by=batch.account_id, now=now, **counts
    )
    db.flush()
