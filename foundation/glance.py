"""One fixed question, asked over and over: through the pool and the driver, nothing in between."""

from typing import Any

from sqlalchemy import Dialect, Engine, Select, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from foundation.database import engine_options, prepare

NAMED: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": psycopg.dialect(),
}


class Glance:
    """Asks a select with named bind parameters and gives plain rows, each in a state of its own.

    For the one page that a whole town opens at once: the toolkit's own way costs three times as
    much. It has connections of its own, in autocommit; they end with those of `engine`.
    """

    def __init__(self, engine: Engine, statement: Select[*tuple[Any, ...]]) -> None:
        self._sql = str(statement.compile(dialect=NAMED[engine.dialect.name]))
        self._own = create_engine(
            engine.url,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            **engine_options(str(engine.url)),
        )
        prepare(self._own)
        event.listen(engine, "engine_disposed", lambda _engine: self._own.dispose())
        self.Error: type[Exception] = engine.dialect.loaded_dbapi.Error

    def __call__(self, **values: object) -> list[tuple[Any, ...]]:
        """The rows; raises `Error` of the driver where the database does not answer."""
        connection = self._own.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(self._sql, values)
            rows = cursor.fetchall()
            cursor.close()
        except self.Error:
            connection.invalidate()
            raise
        finally:
            connection.close()
        return [tuple(row) for row in rows]
