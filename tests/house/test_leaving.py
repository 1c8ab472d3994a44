"""Whatever table comes: somebody decided what becomes of it when its person leaves (R63)."""

from sqlalchemy import JSON, Date, Enum, LargeBinary, String
from sqlalchemy.sql.schema import Column, Table

from foundation.belongings import ROOTS
from foundation.database import Base
from portal.leaving import TREATED

# Who did something stays as a number; the login behind it says no name any more.
ACTORS = ("account_id", "by_id", "advisor_id", "stand_in_id")
BY_HAND = {
    "audit_entry",  # portal/leaving_traces.py
    "letter",  # outreach/leaving.py
    "one_time_code",  # members/leaving.py
    "vehicle",  # members/leaving.py, unless somebody else holds the car
}
OF_STAFF = {"account_role", "partner_clerk"}  # who has a role cannot leave


def _links() -> list[tuple[Table, Column[object], str]]:
    """Every column that leads to a person, or to what belongs to one."""
    personal = {*ROOTS, *TREATED}
    return [
        (table, column, key.column.table.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in personal
    ]


def _declared(table: Table, column: Column[object], target: str) -> bool:
    one = TREATED.get(table.name)
    if one is not None and column.name in (*one.through, *one.beside):
        return True
    return target == "account" and (
        column.name.endswith(ACTORS) or table.name in OF_STAFF or table.name in BY_HAND
    )


def test_every_table_that_leads_to_a_person_is_decided() -> None:
    """R63: red when a table with such a column is declared nowhere."""
    forgotten = [
        f"{table.name}.{column.name}"
        for table, column, target in _links()
        if not _declared(table, column, target)
    ]
    assert forgotten == []


def test_every_word_of_such_a_table_is_decided() -> None:
    """R63: red when a text, a picture or a date of a person is neither blanked nor kept by name."""
    told = (String, JSON, LargeBinary)
    open_words = [
        f"{name}.{column.name}"
        for name, one in TREATED.items()
        if not one.goes
        for column in Base.metadata.tables[name].columns
        if isinstance(column.type, told)
        and not (isinstance(column.type, Enum) and column.type.enum_class)
        and column.name not in (*one.blank, *one.keeps)
    ]
    assert open_words == []
    dates = {column.name for column in Base.metadata.tables["owner"].columns if _is_day(column)}
    assert dates <= set(TREATED["owner"].blank)


def _is_day(column: Column[object]) -> bool:
    return isinstance(column.type, Date)


def test_nothing_is_declared_that_is_not_there() -> None:
    """A column that was renamed is not left behind in the list."""
    gone = [
        f"{name}.{column}"
        for name, one in TREATED.items()
        for column in (*one.through, *one.blank, *one.keeps, *one.beside)
        if column not in Base.metadata.tables[name].columns
    ]
    assert gone == []
