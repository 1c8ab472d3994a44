"""Bringing a file of orders in: upload, dry run, and application in parts that can resume (R46).

Rows are applied in service-date order, 500 to a part. `apply` yields after each part: the caller
commits there, and a file that was cut off goes on behind the last committed part.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from club import earning, tiers
from foundation import audit
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.sheets.headers import match_headers
from foundation.sheets.reading import open_sheet
from foundation.shop import the_shop
from foundation.words import N_
from members import facts
from members.matching import Archive, Match
from members.models import OrderLine
from members.orders import LineFacts, OrderShelf, Recorded
from portal.models import BatchState, ImportBatch, ImportRow, ImportSource, RowOutcome
from portal.order_rows import COLUMNS, OrderFile, OrderRow, read_orders

PART = 500


class SourceMissing(Refusal):
    """A file comes from a named system, so that its order numbers mean something."""


class NotAgain(Refusal):
    """The batch was applied already."""


@dataclass
class Part:
    """What became of some rows, and the lines that bear on points."""

    outcomes: list[ImportRow] = field(default_factory=list)
    priced: list[OrderLine] = field(default_factory=list)
    owner_ids: set[int] = field(default_factory=set)


def upload(
    db: Session,
    source_name: str,
    filename: str,
    content: bytes,
    *,
    mapping: Mapping[str, str] | None = None,
    by: int | None,
    now: datetime,
) -> ImportBatch:
    """Keep a file whose columns are known, or chosen here; the source remembers the choice."""
    batch = receive(db, source_name, filename, content, by=by, now=now)
    choose_columns(db, batch, mapping or batch.mapping, remember=bool(mapping))
    return batch


def receive(
    db: Session, source_name: str, filename: str, content: bytes, *, by: int | None, now: datetime
) -> ImportBatch:
    """Keep a file that can be read, with the columns found in it so far; some may be missing."""
    if not source_name.strip():
        raise SourceMissing(N_("Please name the system that the file comes from."))
    headers = open_sheet(content, filename).headers
    source = _source(db, source_name.strip())
    remembered = {field: name for field, name in source.mapping.items() if name in headers}
    columns = match_headers(headers, COLUMNS, remembered)
    batch = ImportBatch(
        source=source,
        filename=filename,
        content=content,
        mapping=columns.mapping,
        ignored=columns.ignored,
        uploaded_at=now,
        account_id=by,
    )
    db.add(batch)
    db.flush()
    audit.record(db, "import.upload", "import_batch", batch.id, by=by, now=now, source=source.name)
    return batch


def _source(db: Session, name: str) -> ImportSource:
    """The system of this name, made at its first file; two first files at once make one."""
    known = select(ImportSource).where(ImportSource.name == name)
    found = db.scalar(known)
    if found is not None:
        return found
    try:
        with db.begin_nested():
            made = ImportSource(name=name, mapping={})
            db.add(made)
    except IntegrityError:
        return db.scalars(known).one()
    return made


def choose_columns(
    db: Session, batch: ImportBatch, mapping: Mapping[str, str], *, remember: bool
) -> None:
    """Say which column holds what; the source remembers it for its next file."""
    _not_applied(batch)
    read = read_orders(batch.content or b"", batch.filename, mapping)
    if remember:
        batch.source.mapping = dict(mapping)
    batch.mapping, batch.ignored = read.columns.mapping, read.columns.ignored
    batch.rows = len(read.rows) + len(read.refused)
    batch.state = BatchState.UPLOADED
    db.flush()


def dry_run(db: Session, batch: ImportBatch, *, now: datetime) -> ImportBatch:
    """Try the whole file and take everything back but the report, row by row."""
    _not_applied(batch)
    read = _read(batch)
    with db.begin_nested() as trial:
        parts = [_record(db, batch, rows, now) for rows in _parts(read.rows, 0)]
        report = [_plain(row) for part in parts for row in part.outcomes]
        trial.rollback()
    _start_over(db, batch, read)
    for row in report:
        _report(db, batch, ImportRow(**row))
    batch.state = BatchState.CHECKED
    db.flush()
    return batch


def apply(db: Session, batch: ImportBatch, *, today: date, now: datetime) -> Iterator[None]:
    """Apply the file part by part; whoever calls commits at each yield.

    At the end everybody whose points or tier are due on this day is brought up to it.
    """
    _look_again(db, batch)
    read = _read(batch)
    if batch.state is not BatchState.APPLYING:
        release(db, batch, by=batch.account_id, now=now)
    for rows in _parts(read.rows, batch.resume_mark):
        if not _next_is_ours(db, batch):
            return
        part = _record(db, batch, rows, now)
        until = min(max(row.on for row in rows), today)
        earning.settle(db, part.priced, until=until, today=today, now=now)
        facts.count_orders(db, part.owner_ids)
        for row in part.outcomes:
            _report(db, batch, row)
        batch.resume_mark += len(rows)
        db.flush()
        yield
    while tiers.review_due(db, today=today, now=now):
        yield
    batch.state, batch.applied_at, batch.content = BatchState.APPLIED, now, None
    counts = {outcome.value: getattr(batch, outcome.value) for outcome in RowOutcome}
    audit.record(
        db, "import.apply", "import_batch", batch.id, by=batch.account_id, now=now, **counts
    )
    db.flush()
    yield


def release(db: Session, batch: ImportBatch, *, by: int | None, now: datetime) -> None:
    """Let the worker apply the file: from its beginning, or from where it was stopped."""
    _not_applied(batch)
    if batch.state is not BatchState.FAILED:
        _start_over(db, batch, _read(batch))
        batch.resume_mark = 0
    batch.state = BatchState.APPLYING
    audit.record(db, "import.release", "import_batch", batch.id, by=by, now=now, rows=batch.rows)
    db.flush()


def stop(db: Session, batch_id: int, mark: int) -> bool:
    """Give up a file that broke behind `mark` rows; not one that another worker brought further."""
    stopped = update(ImportBatch).where(
        ImportBatch.id == batch_id,
        ImportBatch.state == BatchState.APPLYING,
        ImportBatch.resume_mark == mark,
    )
    return rows_changed(db, stopped.values(state=BatchState.FAILED)) == 1


def _record(db: Session, batch: ImportBatch, rows: Sequence[OrderRow], now: datetime) -> Part:
    """Find whose rows they are and record their lines; nothing is earned yet."""
    part = Part()
    source = batch.source.name
    archive = Archive(db, source, [row.sight for row in rows])
    matches: list[tuple[OrderRow, Match]] = []
    for row in rows:
        try:
            matches.append((row, archive.match(row.sight, now=now)))
        except Refusal as refusal:
            part.outcomes.append(_refused(row.number, refusal, row))
    archive.flush()
    wanted = {row.order_no for row, _ in matches}
    wanted |= {row.refund_of[0] for row, _ in matches if row.refund_of}
    shelf = OrderShelf(db, source, the_shop(db).id, wanted)
    for row, match in matches:
        try:
            recorded = shelf.record(_facts(row, match), now=now)
        except Refusal as refusal:
            part.outcomes.append(_refused(row.number, refusal, row))
            continue
        _note(part, row, match, recorded)
    db.flush()
    return part


def _note(part: Part, row: OrderRow, match: Match, recorded: Recorded) -> None:
    part.owner_ids.add(match.owner.id)
    if match.vehicle is not None:
        match.vehicle.read_odometer(row.mileage_km, row.on)
    if recorded.outcome == "created" or recorded.reprices:
        part.priced.append(recorded.line)
    details: dict[str, Any] = {"order": row.order_no, "new_owner": match.is_new}
    if recorded.reprices:
        details |= {"was_fen": recorded.before_fen, "fen": row.fen}
    message = row.notes[0] if row.notes else None
    part.outcomes.append(
        ImportRow(
            row_no=row.number,
            outcome=RowOutcome(recorded.outcome),
            message=message,
            details=details,
        )
    )


def _facts(row: OrderRow, match: Match) -> LineFacts:
    return LineFacts(
        external_id=row.order_no,
        line_no=row.line_no,
        serviced_on=row.on,
        fen=row.fen,
        owner_id=match.owner.id,
        vehicle_id=match.vehicle.id if match.vehicle else None,
        kind=row.kind,
        paid_by=row.paid_by,
        description=row.description,
        mileage_km=row.mileage_km,
        refund_of=row.refund_of,
    )


def _refused(number: int, refusal: Refusal, row: OrderRow | None = None) -> ImportRow:
    values = {name: str(value) for name, value in refusal.values.items()}
    details = {"values": values} | ({"order": row.order_no} if row else {})
    return ImportRow(
        row_no=number, outcome=RowOutcome.REFUSED, message=refusal.message, details=details
    )


def _report(db: Session, batch: ImportBatch, row: ImportRow) -> None:
    row.batch_id = batch.id
    db.add(row)
    name = row.outcome.value
    setattr(batch, name, getattr(batch, name) + 1)


def _plain(row: ImportRow) -> dict[str, Any]:
    fields = ("row_no", "outcome", "message", "details")
    return {name: getattr(row, name) for name in fields}


def _start_over(db: Session, batch: ImportBatch, read: OrderFile) -> None:
    db.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.created = batch.changed = batch.unchanged = batch.refused = 0
    for number, refusal in read.refused:
        _report(db, batch, _refused(number, refusal))


def _parts(rows: Sequence[OrderRow], start: int) -> Iterator[list[OrderRow]]:
    remaining = iter(rows[start:])
    while part := list(islice(remaining, PART)):
        yield part


def _next_is_ours(db: Session, batch: ImportBatch) -> bool:
    """Wait for the source's other files; False when another worker did the next rows meanwhile."""
    mark = batch.resume_mark
    db.execute(select(ImportSource.id).where(ImportSource.id == batch.source_id).with_for_update())
    db.refresh(batch, ["resume_mark", "state"])
    return batch.state is BatchState.APPLYING and batch.resume_mark == mark


def _look_again(db: Session, batch: ImportBatch) -> None:
    """State and content of one moment: what was loaded before may be applied, and emptied, now."""
    db.refresh(batch, ["state", "resume_mark", "mapping", "content"])
    _not_applied(batch)


def _not_applied(batch: ImportBatch) -> None:
    if batch.state is BatchState.APPLIED:
        raise NotAgain(N_("This file was applied already."))


def _read(batch: ImportBatch) -> OrderFile:
    return read_orders(batch.content or b"", batch.filename, batch.mapping)
