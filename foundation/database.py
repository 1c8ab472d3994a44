"""Tables, their column kinds, and the two engines over one pool."""

import enum
import sqlite3
import threading
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    TypeDecorator,
    UpdateBase,
    event,
)
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

LOCK_WAIT_MS = 3000
IDLE_SECONDS = 5
LOOK_AGAIN_SECONDS = 0.001
IMMEDIATE = "IMMEDIATE"

Number = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(Number, primary_key=True)]


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment both ways; SQLite keeps it without its offset (R68)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the club."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        datetime: Moment,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        table = getattr(cls, "__table__", None)
        if table is not None and len(table.primary_key.columns) == 1:
            # An id is never used twice, not even after its row is gone.
            table.dialect_options["sqlite"]["autoincrement"] = (
                isinstance(next(iter(table.primary_key.columns)).type, BigInteger | Integer)
                and not next(iter(table.primary_key.columns)).foreign_keys
            )


def engine_options(url: str) -> dict[str, Any]:
    """What create_engine needs beside the address."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": LOCK_WAIT_MS / 1000}}
    return {
        "connect_args": {"options": f"-c lock_timeout={LOCK_WAIT_MS} -c timezone=UTC"},
        "pool_size": 8,
        "max_overflow": 8,
    }


def prepare(engine: Engine) -> None:
    """Give every connection its manners: SQLite in WAL, in our own transactions."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _ask_after_idling(engine)


def _ask_after_idling(engine: Engine) -> None:
    """A connection that idled is asked whether its server still lives before it is used.

    Asking each time, as pool_pre_ping does, would cost every page a question of its own.
    """

    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _checkout(connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")
        cursor.close()

    turn = threading.Lock()  # writers of one process stand in line; SQLite's own wait is polling

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        how = connection.get_execution_options().get("begin", "")
        if how == IMMEDIATE:
            _take_turn(turn, connection.info)
            _begin_writing(connection.connection.dbapi_connection)
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def _checkin(_connection: Any, record: Any) -> None:
        if record.info.pop("turn", False):
            turn.release()

    @event.listens_for(engine, "invalidate")
    def _invalidate(_connection: Any, record: Any, _error: Any) -> None:
        if record.info.pop("turn", False):
            turn.release()


def _take_turn(turn: threading.Lock, info: dict[str, Any]) -> None:
    """Wait for this process's other writers, kept until the connection is given back."""
    if "turn" in info:
        return
    if not turn.acquire(timeout=LOCK_WAIT_MS / 1000):
        raise _locked(sqlite3.OperationalError("database is locked"))
    info["turn"] = True


def _begin_writing(connection: sqlite3.Connection) -> None:
    """Wait for the writers of other processes, looking each millisecond.

    SQLite's own wait looks ever less often, in the end each tenth of a second, while a sign-up
    holds the lock for some five milliseconds.
    """
    connection.execute("PRAGMA busy_timeout=0")
    try:
        until = time.monotonic() + LOCK_WAIT_MS / 1000
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as busy:
                if time.monotonic() > until or "locked" not in str(busy):
                    raise _locked(busy) from busy
            time.sleep(LOOK_AGAIN_SECONDS)
    finally:
        connection.execute(f"PRAGMA busy_timeout={LOCK_WAIT_MS}")


def _locked(error: sqlite3.OperationalError) -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", {}, error)


@lru_cache(maxsize=8)
def reading(engine: Engine) -> Engine:
    """The engine for a page that only reads.

    PostgreSQL's transactions show each statement what is committed by then, as autocommit does,
    so there they are left out; SQLite's keep one state for the whole page.
    """
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@lru_cache(maxsize=8)
def writing(engine: Engine) -> Engine:
    """The engine for whoever will write: on SQLite its transactions take the lock at once."""
    return engine.execution_options(begin=IMMEDIATE)


def rows_changed(db: Session, statement: UpdateBase) -> int:
    """Run an update, insert or delete; how many rows it touched."""
    result = db.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def is_lock_wait(error: OperationalError) -> bool:
    """True when the database gave up waiting for another writer."""
    words = str(error.orig).lower()
    return "database is locked" in words or "lock timeout" in words or "deadlock" in words


def is_unique_clash(error: IntegrityError) -> bool:
    """True when somebody else made the same thing in the same moment."""
    return "unique constraint" in str(error.orig).lower()
