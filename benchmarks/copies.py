"""A large club quickly: the rows of its first members again and again, under other numbers.

Making every row here would take longer than what is to be measured; the database copies a block
of a thousand different members in a moment, and to every job a copy is an owner like any other.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, func, insert, select, text
from sqlalchemy.orm import Session

from members.models import Owner

PerOwner = Mapping[type[Any], int]
Rows = Iterable[tuple[type[Any], dict[str, Any]]]
NAMED = {"number": "S", "external_id": "W", "cause_id": "", "code": "V", "request_id": "Q"}
"""Texts that only one row may have, and how they begin."""


def store(db: Session, tables: PerOwner, rows: Rows, block: int, members: int) -> None:
    """Store what the first `block` members have, and copy it until there are `members`.

    `tables` says how many ids of a table each owner has, in the order in which they are filled:
    owner n of a table with ten has 10 n − 9 to 10 n.
    """
    found: dict[type[Any], list[dict[str, Any]]] = {table: [] for table in tables}
    for table, row in rows:
        found[table].append(row)
    for table, some in found.items():
        if some:
            db.execute(insert(table.__table__), some)
    _multiply(db, tables, block, members)
    _settle(db, tables)


def _multiply(db: Session, tables: PerOwner, block: int, members: int) -> None:
    each = {table.__tablename__: count for table, count in tables.items()}
    for first in range(block, members, block):
        owners = min(block, members - first)
        for table in tables:
            db.execute(_copied(table.__table__, each, first, owners))
        db.commit()


def _settle(db: Session, tables: PerOwner) -> None:
    """What a server has done by the time a club is that large: its next ids, its statistics."""
    if db.get_bind().dialect.name == "sqlite":
        return
    for table in tables:
        name = table.__tablename__
        if "id" in table.__table__.columns:
            where = func.pg_get_serial_sequence(name, "id")
            newest = select(func.max(table.__table__.c.id)).scalar_subquery()
            db.execute(select(func.setval(where, newest)))
    db.execute(text("ANALYZE"))
    db.commit()


def _copied(table: Table, each: Mapping[str, int], first: int, owners: int) -> Any:
    key = next(iter(table.primary_key.columns))
    columns = {
        column.name: column + first * shift if (shift := _shift(column, each)) else column
        for column in table.columns
    }
    for name in columns.keys() & NAMED.keys():
        columns[name] = NAMED[name] + cast(columns[key.name], String)
    most = owners * _shift(key, each)
    rows = select(*columns.values()).where(key <= most)
    return insert(table).from_select(list(columns), rows)


def _shift(column: ColumnElement[Any], each: Mapping[str, int]) -> int:
    """How many ids further the row of the next owner is that this column names; 0 for none."""
    if column.foreign_keys:
        named = next(iter(column.foreign_keys)).column.table.name
    else:
        named = column.table.name if column.primary_key else ""
    return 1 if named == Owner.__tablename__ else each.get(named, 0)
