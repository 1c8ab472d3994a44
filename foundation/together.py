"""New rows of several tables, stored in one go: one question to PostgreSQL, not one each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.orm import Session

from foundation.database import Base
from foundation.fixed import Fixed


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row that is written and not looked at again: its table's class, its values by column."""

    kind: type[Base]
    values: dict[str, Any]

    def add(self, db: Session) -> Any:
        """The row as an object of the session, written with its next flush."""
        made = self.kind(**self.values)
        db.add(made)
        return made


def store(db: Session, rows: Sequence[NewRow]) -> None:
    """Write all of these rows or none, in an order that their tables do not mind.

    PostgreSQL takes them as one statement; to SQLite, which is asked without a journey, each is
    one of its own.
    """
    shapes = tuple((row.kind, tuple(row.values)) for row in rows)
    in_one = db.get_bind().dialect.name == "postgresql"
    for first, step in enumerate(_inserts(shapes, in_one)):
        told = rows if in_one else rows[first : first + 1]
        step.changed(db, **_named(told))


def _named(rows: Sequence[NewRow]) -> dict[str, Any]:
    return {
        f"{at}_{name}": text for at, row in enumerate(rows) for name, text in row.values.items()
    }


@lru_cache(maxsize=256)
def _inserts(
    shapes: tuple[tuple[type[Base], tuple[str, ...]], ...], in_one: bool
) -> tuple[Fixed, ...]:
    if not in_one:
        return tuple(Fixed(_insert(*shape, at=0)) for shape in shapes)
    *before, last = (_insert(*shape, at=at) for at, shape in enumerate(shapes))
    return (Fixed(last.add_cte(*(step.cte(f"row_{at}") for at, step in enumerate(before)))),)


def _insert(kind: type[Base], names: tuple[str, ...], *, at: int) -> Insert:
    table = cast(Table, kind.__table__)
    given = {name: bindparam(f"{at}_{name}", type_=table.c[name].type) for name in names}
    missing = [one for one in table.c if one.default is not None and one.key not in given]
    assert all(one.default is not None and one.default.is_scalar for one in missing), missing
    return insert(table).values(given | {one.key: one.default.arg for one in missing})  # type: ignore[union-attr]
