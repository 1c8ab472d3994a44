"""The report of a file: a row for each of its rows, and the counts beside it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import delete, insert
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


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows were created, changed, left as they were, refused."""
    return {outcome.value: getattr(batch, outcome.value) for outcome in RowOutcome}
