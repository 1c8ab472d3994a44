"""The dry run: the worker tries the whole file where nothing stays, then keeps the report.

`check` yields after each step: the caller commits there, so that the page shows how far it is. The
trial itself holds no lock that a page waits for (see foundation.rehearsal); storing the report
takes a short transaction for every some hundred rows.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from foundation import clock
from foundation.refusals import Refusal
from foundation.rehearsal import rehearsal
from foundation.words import N_
from portal.importing import reporting
from portal.importing.kinds import SHAPES
from portal.importing.recording import PART, Outcome, parts, record, unreadable
from portal.importing.standing import OPEN, Turn, hold
from portal.models import BatchState, ImportBatch
from portal.order_rows import OrderRow
from portal.row_cells import FileRead


def rehearse(
    db: Session,
    source: str,
    read: FileRead[OrderRow],
    *,
    hash_key: str,
    today: date,
    now: datetime,
) -> list[Outcome]:
    """What would become of each row; the file is not kept, and its source remembers nothing."""
    engine = db.get_bind()
    assert isinstance(engine, Engine)
    outcomes = unreadable(read.refused)
    with rehearsal(engine) as trial:
        for rows in parts(read.rows):
            part = record(trial, source, rows, hash_key=hash_key, today=today, now=now)
            outcomes += part.outcomes
    return outcomes


def ask(db: Session, batch: ImportBatch) -> None:
    """Let the worker check the file, from its beginning."""
    hold(db, batch, *OPEN)
    SHAPES[batch.kind].columns_of(batch.headers, batch.filename, batch.mapping)
    batch.state = BatchState.CHECKING
    batch.checked_rows, batch.fault, batch.turn_until, batch.sums = 0, None, None, {}
    db.flush()


def check(
    db: Session,
    batch: ImportBatch,
    *,
    hash_key: str,
    now: datetime,
    clock: Callable[[], datetime] = clock.now,
) -> Iterator[None]:
    """Try the whole file; at the end it has a report and is checked, or a fault and is not.

    Stops without a word where another worker is at it, or somebody changed their mind.
    """
    turn = Turn(db, batch.id, BatchState.CHECKING, clock)
    if not turn.take():
        return
    db.refresh(batch)
    db.refresh(batch, ["content"])
    yield
    try:
        read = SHAPES[batch.kind].read(batch.content or b"", batch.filename, batch.mapping)
    except Refusal as refusal:
        yield from _cannot(turn, batch, refusal)
        return
    outcomes = unreadable(read.refused)
    yield from _try(turn, batch, read, outcomes, hash_key, now)
    yield from _keep(turn, batch, outcomes)


def _try(
    turn: Turn,
    batch: ImportBatch,
    read: FileRead[Any],
    outcomes: list[Outcome],
    hash_key: str,
    now: datetime,
) -> Iterator[None]:
    engine = turn.db.get_bind()
    assert isinstance(engine, Engine)
    batch.rows, batch.checked_rows = len(read.rows) + len(read.refused), len(read.refused)
    shape, tried = SHAPES[batch.kind], []
    with rehearsal(engine) as trial:
        for rows in parts(read.rows):
            tried.append(shape.record(trial, batch, rows, now, hash_key=hash_key))
            outcomes += tried[-1].outcomes
            if not turn.keep():
                return
            batch.checked_rows += len(rows)
            turn.db.flush()
            yield
        for _step in shape.foresee(trial, tried, now):
            if not turn.keep():
                return
            yield


def _keep(turn: Turn, batch: ImportBatch, outcomes: list[Outcome]) -> Iterator[None]:
    if not turn.keep():
        return
    reporting.clear(turn.db, batch)
    for start in range(0, len(outcomes), PART):
        reporting.add(turn.db, batch, outcomes[start : start + PART])
        turn.db.flush()
        yield
        if not turn.keep():
            return
    batch.rows, batch.state, batch.turn_until = len(outcomes), BatchState.CHECKED, None
    batch.sums = SHAPES[batch.kind].sums_of(outcomes)
    turn.db.flush()
    yield


def _cannot(turn: Turn, batch: ImportBatch, refusal: Refusal) -> Iterator[None]:
    """The file as a whole is none, as its end showed."""
    if turn.keep():
        values = {name: str(value) for name, value in refusal.values.items()}
        batch.fault = {"message": refusal.message, "values": values}
        batch.state, batch.turn_until = BatchState.UPLOADED, None
        turn.db.flush()
        yield


def give_back(db: Session, batch_id: int) -> None:
    """The check itself broke: the file is as it was before, and says so."""
    given = update(ImportBatch).where(
        ImportBatch.id == batch_id, ImportBatch.state == BatchState.CHECKING
    )
    fault = {"message": N_("The check stopped by a fault of ours. Please try again."), "values": {}}
    db.execute(given.values(state=BatchState.UPLOADED, turn_until=None, fault=fault))
