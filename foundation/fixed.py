"""A statement that is made once and said hundreds of times a second."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import CursorResult, Dialect, Executable
from sqlalchemy.engine import Compiled
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

Turn = Callable[[Any], Any] | None


class Fixed:
    """A statement with named values, in the session's own transaction, errors and logs as ever.

    A bind parameter that stands beside an `in_` says `required=False`.
    For the few that a rush for places repeats: the toolkit looks up and prepares each anew, and
    that costs more than the driver does. Nothing waiting in the session is written before it.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._said: dict[str, _Said] = {}

    def changed(self, db: Session, **values: object) -> int:
        """How many rows the statement touched."""
        return self._run(db, values)[1].rowcount

    def rows(self, db: Session, **values: object) -> list[tuple[Any, ...]]:
        """What the statement gives back."""
        said, result = self._run(db, values)
        return [said.read(row) for row in result.fetchall()]

    def _run(self, db: Session, values: dict[str, object]) -> tuple["_Said", CursorResult[Any]]:
        connection = db.connection()
        said = self._said.get(connection.dialect.name)
        if said is None:
            said = self._said[connection.dialect.name] = _Said(self._statement, connection.dialect)
        return said, connection.exec_driver_sql(said.sql, said.told(values))


class _Said:
    """The statement as one database's driver takes it, and how values go in and come out."""

    def __init__(self, statement: Executable, dialect: Dialect) -> None:
        made: Compiled = statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        self.sql = str(made)
        self._fixed = dict(made.params)
        self._order: Sequence[str] | None = made.positiontup if made.positional else None  # type: ignore[attr-defined]
        binds = {made.bind_names[one]: one.type for one in made.binds.values()}  # type: ignore[attr-defined]
        self._in = {name: turn for name in binds if (turn := _going_in(binds[name], dialect))}
        self._fixed = {name: self._turned(name, value) for name, value in self._fixed.items()}
        columns = getattr(statement, "exported_columns", ())
        self._out = [_coming_out(column.type, dialect) for column in columns]

    def told(self, values: dict[str, object]) -> Any:
        """The values as the driver takes them: in order, or by name."""
        turned = {name: self._turned(name, value) for name, value in values.items()}
        named = self._fixed | turned
        return named if self._order is None else tuple(named[name] for name in self._order)

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        pairs = zip(row, self._out, strict=True)
        return tuple(value if turn is None else turn(value) for value, turn in pairs)

    def _turned(self, name: str, value: object) -> object:
        turn = self._in.get(name)
        return value if turn is None or value is None else turn(value)


def _going_in(kind: TypeEngine[Any], dialect: Dialect) -> Turn:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _coming_out(kind: TypeEngine[Any], dialect: Dialect) -> Turn:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
