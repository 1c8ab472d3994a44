"""The work of a trial, part by part: small clubs in this process, large ones in several."""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from club.replay_rows import PART, parts
from club.simulation_tally import Counting, Question, Tally
from foundation import database

ALONE = 5 * PART
"""Up to so many owners, starting more processes takes longer than the work."""
_AT_WORK: dict[str, tuple[Engine, Counting]] = {}


def tallies(
    db: Session, url: str, question: Question, processes: int | None = None
) -> Iterator[Tally]:
    """The tally of each part as it is done; the first one is empty and tells how many owners."""
    chunks = parts(db.connection())
    owners = sum(chunk[2] for chunk in chunks)
    yield Tally(owners=owners)
    if processes == 1 or (processes is None and owners <= ALONE):
        counting = Counting(question)
        for chunk in chunks:
            yield counting.part(db.connection(), *chunk)
        return
    workers = processes or min(os.cpu_count() or 1, 4)
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _begin, (url, question)
    ) as pool:
        for done in as_completed([pool.submit(_part, chunk) for chunk in chunks]):
            yield done.result()


def _begin(url: str, question: Question) -> None:
    engine = create_engine(url, connect_args=_arguments(url), poolclass=NullPool)
    database.prepare(engine)
    _AT_WORK["here"] = (engine, Counting(question))


def _arguments(url: str) -> dict[str, object]:
    arguments: dict[str, object] = database.engine_options(url)["connect_args"]
    return arguments


def _part(chunk: tuple[int, int, int]) -> Tally:
    engine, counting = _AT_WORK["here"]
    with engine.connect() as db:
        return counting.part(db, *chunk)
