"""A file comes in: it can be read, it has a source, and its columns are known or chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit
from foundation.refusals import Refusal
from foundation.sheets.cells import is_empty, read_text
from foundation.sheets.headers import match_headers
from foundation.sheets.reading import open_sheet
from foundation.words import N_
from portal.importing.kinds import SHAPES
from portal.importing.standing import OPEN, hold
from portal.models import BatchState, FileKind, ImportBatch, ImportSource

PREVIEW, LONGEST = 6, 80


class SourceMissing(Refusal):
    """A file comes from a named system, so that its order numbers mean something."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that can be read: its columns, and its first rows as texts."""

    filename: str
    content: bytes
    headers: list[str]
    first_rows: list[list[str]]


def look(filename: str, content: bytes) -> Arrived:
    """Open a file without any database; a Refusal says what else it is."""
    sheet = open_sheet(content, filename)
    first = [
        [
            "" if is_empty(cell) else read_text(cell)[:LONGEST]
            for cell in (row.cells[name] for name in sheet.headers)
        ]
        for row in islice(sheet.rows, PREVIEW)
    ]
    return Arrived(filename, content, sheet.headers, first)


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
    batch = receive(db, source_name, look(filename, content), by=by, now=now)
    choose_columns(db, batch, mapping or batch.mapping, remember=bool(mapping))
    return batch


def receive(
    db: Session,
    source_name: str,
    arrived: Arrived,
    *,
    kind: FileKind = FileKind.ORDERS,
    by: int | None,
    now: datetime,
) -> ImportBatch:
    """Keep a file that can be read, with the columns found in it so far; some may be missing."""
    if not source_name.strip():
        raise SourceMissing(N_("Please name the system that the file comes from."))
    source = _source(db, kind, source_name.strip())
    known = SHAPES[kind].columns
    columns = match_headers(arrived.headers, known, _remembered(source, arrived))
    batch = ImportBatch(
        source=source,
        kind=kind,
        filename=arrived.filename,
        content=arrived.content,
        preview={"headers": arrived.headers, "rows": arrived.first_rows},
        mapping=columns.mapping,
        ignored=columns.ignored,
        uploaded_at=now,
        account_id=by,
    )
    db.add(batch)
    db.flush()
    audit.record(db, "import.upload", "import_batch", batch.id, by=by, now=now, source=source.name)
    return batch


def columns_for(
    db: Session, source_name: str, arrived: Arrived, chosen: Mapping[str, str]
) -> dict[str, str]:
    """Which column would hold what, if this file came from this source."""
    source = db.scalar(_named(FileKind.ORDERS, source_name.strip()))
    mapping = chosen or (_remembered(source, arrived) if source else {})
    return SHAPES[FileKind.ORDERS].columns_of(arrived.headers, arrived.filename, mapping).mapping


def _remembered(source: ImportSource, arrived: Arrived) -> dict[str, str]:
    return {field: name for field, name in source.mapping.items() if name in arrived.headers}


def _named(kind: FileKind, name: str) -> Select[ImportSource]:
    return select(ImportSource).where(ImportSource.kind == kind, ImportSource.name == name)


def _source(db: Session, kind: FileKind, name: str) -> ImportSource:
    """The system of this name, made at its first file; two first files at once make one."""
    known = _named(kind, name)
    found = db.scalar(known)
    if found is not None:
        return found
    try:
        with db.begin_nested():
            made = ImportSource(kind=kind, name=name, mapping={})
            db.add(made)
    except IntegrityError:
        return db.scalars(known).one()
    return made


def choose_columns(
    db: Session, batch: ImportBatch, mapping: Mapping[str, str], *, remember: bool
) -> None:
    """Say which column holds what; the source remembers it for its next file."""
    hold(db, batch, *OPEN)
    columns = SHAPES[batch.kind].columns_of(batch.headers, batch.filename, mapping)
    if remember:
        batch.source.mapping = dict(mapping)
    batch.mapping, batch.ignored = columns.mapping, columns.ignored
    batch.state = BatchState.UPLOADED
    db.flush()
