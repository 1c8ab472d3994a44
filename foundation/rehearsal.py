"""Trying what writes, without keeping it and without standing in anybody's way.

PostgreSQL lets others write meanwhile, so there a transaction that is rolled back is enough.
SQLite has one writer at a time: there the rehearsal plays in a private copy of the database, taken
in one go while everybody reads and writes on. It lies in a nameless temporary file that the system
removes with the process, however that ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Engine, StaticPool, create_engine
from sqlalchemy.orm import Session


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Session]:
    """A session in which everything may be tried and nothing stays."""
    if engine.dialect.name == "sqlite":
        with closing(_copy(engine)) as copy, _session(_alone_on(copy)) as db:
            yield db
    else:
        with _session(engine) as db:
            yield db


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as db:
        yield db
        db.rollback()


def _copy(engine: Engine) -> sqlite3.Connection:
    copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    original = engine.raw_connection()
    try:
        assert isinstance(original.driver_connection, sqlite3.Connection)
        original.driver_connection.backup(copy)
    finally:
        original.close()
    copy.execute("PRAGMA foreign_keys=ON")
    copy.execute("BEGIN")
    return copy


def _alone_on(copy: sqlite3.Connection) -> Engine:
    return create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
