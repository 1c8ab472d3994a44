"""The report of a file: a row for each of its rows, and the counts beside it."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.orm import Session

from portal.importing.recording import Outcome
from portal.models import ImportBatch, ImportRow, RowOutcome


def add(db: Session, batch: ImportBatch, outcomes: Collection[Outcome]) -> None:
    """Some more rows of the report."""
    if not outcomes:
        return
    rows = [{"batch_id": batch.id, **asdict(outcome)} for outcome in outcomes]
    db.execute(insert(ImportRow), rows)
    for name, number in Counter(one.outcome.value for one in outcomes).items():
        setattr(batch, name, getattr(batch, name) + number)


def clear(db: Session, batch: ImportBatch) -> None:
    """Begin the report anew."""
    db.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    for outcome in RowOutcome:
        setattr(batch, outcome.value, 0)


def rows_of(db: Session, batch: ImportBatch) -> Iterator[Row[tuple[RowOutcome, dict[str, Any]]]]:
    """Outcome and details of every row, however many they are."""
    rows = select(ImportRow.outcome, ImportRow.details).where(ImportRow.batch_id == batch.id)
    return iter(db.execute(rows.execution_options(yield_per=1000)))


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows were created, changed, left as they were, refused."""
    return {outcome.value: getattr(batch, outcome.value) for outcome in RowOutcome}
