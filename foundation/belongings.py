"""What each table holds of a person: told to whoever asks for their own, and what becomes of it
when they leave.

A room says so for each of its tables in a mapping of `Treated`; whose the rows are follows from
the foreign keys. A house test holds every table against it (R63).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from foundation.database import Base

Value = Any | Callable[[Table], ColumnElement[Any]]
ROOTS = ("owner", "account")


@dataclass(frozen=True, slots=True)
class Treated:
    """How a table's rows about a person are treated.

    `through` are the columns that say whose they are. The rows go, or stay with `blank` written
    into them; `keeps` names the columns of words that tell nothing of a person. `beside` are
    columns that lead to people whom the row is not about. `told` are the columns through which
    rows are told to who asks for their own, where these are fewer: a row may name somebody and be
    another's; none at all is never told.
    """

    through: tuple[str, ...]
    goes: bool = False
    blank: Mapping[str, Value] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    told: tuple[str, ...] | None = None


def goes(*through: str, beside: tuple[str, ...] = ()) -> Treated:
    """The rows are deleted."""
    return Treated(through, goes=True, beside=beside)


def stays(
    *through: str, keeps: str = "", beside: str = "", told: str | None = None, **blank: Value
) -> Treated:
    """The rows stay, without the words named here; `keeps` are the words that may stay."""
    ways = None if told is None else tuple(told.split())
    kept, aside = tuple(keeps.split()), tuple(beside.split())
    return Treated(through, blank=blank, keeps=kept, beside=aside, told=ways)


def told(treated: Mapping[str, Treated]) -> dict[str, Treated]:
    """The same tables as they are told to their person."""
    return {
        name: one if one.told is None else replace(one, through=one.told)
        for name, one in treated.items()
        if one.told != ()
    }


class Belongings:
    """The rows about one person, in all tables that the rooms declared."""

    def __init__(
        self,
        treated: Mapping[str, Treated],
        owner_ids: Collection[int],
        account_ids: Collection[int],
    ) -> None:
        self.treated = treated
        self._ids = {"owner": list(owner_ids), "account": list(account_ids)}

    @cached_property
    def tables(self) -> list[Table]:
        """Children before their parents, so that each is still found through them."""
        return [one for one in reversed(Base.metadata.sorted_tables) if one.name in self.treated]

    def erase(self, db: Session) -> None:
        """Delete what goes, blank what stays."""
        quiet = {"synchronize_session": False}
        for table in self.tables:
            one = self.treated[table.name]
            if one.goes:
                db.execute(delete(table).where(self.theirs(table)), execution_options=quiet)
            elif one.blank:
                values = {
                    name: value(table) if callable(value) else value
                    for name, value in one.blank.items()
                }
                theirs = update(table).where(self.theirs(table)).values(values)
                db.execute(theirs, execution_options=quiet)
        db.expire_all()

    def theirs(self, table: Table) -> ColumnElement[bool]:
        """The rows of a table that are about them."""
        return or_(*(self._leads(table, name) for name in self.treated[table.name].through))

    def _leads(self, table: Table, name: str) -> ColumnElement[bool]:
        column = table.c[name]
        if table.name in ROOTS and column.primary_key:
            return column.in_(self._ids[table.name])
        (key,) = column.foreign_keys
        target = key.column.table
        if target.name in ROOTS:
            return column.in_(self._ids[target.name])
        return column.in_(select(key.column).where(self.theirs(target)))
