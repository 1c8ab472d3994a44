"""Rows that name an owner, in whatever room: found by the tables themselves, moved and moved back.

Every column with a foreign key to `owner` counts, so a table that comes later moves along. What
is one per owner or needs a decision of its own stands in `APART` and is joined by hand.
"""

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Enum,
    Index,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from foundation.database import Base, Moment

APART = {
    *("owner.merged_into_id", "account.owner_id", "membership.owner_id", "archive_claim.owner_id"),
    *("archive_claim.archive_id", "member_facts.owner_id", "tier_standing.owner_id"),
    "card_code.owner_id",  # dead within minutes
    *("consent_now.owner_id", "owner_merge.kept_id", "owner_merge.gone_id"),
}
ALSO_ONCE = {"ownership.owner_id": ("vehicle_id",)}  # had once, though no constraint says so
AT_ONCE = 500
Frozen = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A column that names an owner; `once` are the columns that are unique together with it."""

    table: Table
    column: Column[Any]
    once: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    @property
    def key(self) -> Column[Any]:
        """What tells the rows of one owner apart."""
        return next(iter(self.table.primary_key))


def places() -> list[Place]:
    """Every column that names an owner and moves by itself."""
    return [
        Place(table, column, tuple(_once(table, column)))
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if f"{table.name}.{column.name}" not in APART
        and any(key.target_fullname == "owner.id" for key in column.foreign_keys)
    ]


def move(db: Session, place: Place, gone_id: int, kept_id: int) -> list[int]:
    """Give the kept owner what they do not have already; the ids of the rows that moved."""
    there = place.table.alias()
    twins = [
        exists().where(
            there.c[place.column.name] == kept_id,
            *(there.c[name] == place.table.c[name] for name in names),
        )
        for names in place.once
    ]
    free = and_(place.column == gone_id, *(~twin for twin in twins))
    ids = list(db.scalars(select(place.key).where(free).order_by(place.key)))
    give(db, place, ids, kept_id)
    return ids


def give(db: Session, place: Place, ids: Sequence[int], owner_id: int) -> None:
    """Let these rows name another owner."""
    for start in range(0, len(ids), AT_ONCE):
        some = place.key.in_(ids[start : start + AT_ONCE])
        db.execute(update(place.table).where(some).values({place.column.name: owner_id}))


def freeze(db: Session, table: Table, which: ColumnElement[bool]) -> list[Frozen]:
    """The rows as they are, in values that JSON can hold."""
    found = db.execute(select(table).where(which).order_by(*table.primary_key)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in found]


def thaw(
    db: Session, table: Table, rows: Iterable[Frozen], names: Collection[str] | None = None
) -> None:
    """Put frozen rows back: a row that is still there gets its old values, or only those named."""
    for row in rows:
        values = {name: _typed(table.c[name], value) for name, value in row.items()}
        same = and_(*(key == values[key.name] for key in table.primary_key))
        if db.execute(select(*table.primary_key).where(same)).first() is None:
            db.execute(insert(table).values(values))
            continue
        wanted = values.keys() if names is None else names
        db.execute(update(table).where(same).values({name: values[name] for name in wanted}))


def drop(db: Session, table: Table, which: ColumnElement[bool]) -> None:
    """Take rows away that were frozen before, or made by a merge that is undone."""
    db.execute(delete(table).where(which))


def _once(table: Table, column: Column[Any]) -> Iterator[tuple[str, ...]]:
    """The other columns of each unique key that the column stands in, partial ones left aside."""
    keys: list[Iterable[Any]] = [
        one.columns for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    keys += [one.columns for one in table.indexes if one.unique and not _partial(one)]
    for key in keys:
        names = [one.name for one in key]
        if column.name in names:
            yield tuple(name for name in names if name != column.name)
    if also := ALSO_ONCE.get(f"{table.name}.{column.name}"):
        yield also


def _partial(index: Index) -> bool:
    return index.dialect_options["sqlite"]["where"] is not None


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return column.type.enum_class(value)
    if isinstance(column.type, Moment):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
