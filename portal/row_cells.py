"""What the rows of every file share: columns that must be there, cells, and who is meant."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.sheets.cells import Cell, is_empty, read_code, read_text
from foundation.sheets.headers import Matched, match_headers
from foundation.sheets.reading import Sheet
from foundation.words import N_
from members.matching import Sight
from members.phones import normalise_phone
from members.plates import normalise_plate
from members.vins import normalise_vin

Word = TypeVar("Word")
Row = TypeVar("Row")
Known = Mapping[str, tuple[str, ...]]
SAID = 40
VIN_DOUBTFUL = N_("The check digit of the VIN does not agree; please compare it with the car.")
WHO: Known = {
    "name": ("姓名", "车主", "车主姓名", "客户名称", "客户姓名", "owner", "customer name"),
    "phone": ("手机", "手机号", "电话", "联系电话", "mobile", "phone number"),
    "plate": ("车牌", "车牌号", "车牌号码", "plate no", "licence plate", "license plate"),
    "vin": ("车架号", "VIN码", "车辆识别代号", "底盘号", "chassis no"),
}


class ColumnMissing(Refusal):
    """The file lacks a column without which no row can be read."""


class CellMissing(Refusal):
    """A cell that every row needs is empty."""


class UnknownWord(Refusal):
    """A word that we do not know; guessing would give people what is not theirs."""


class TwiceInFile(Refusal):
    """The file says the same thing more than once, and differently."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not read, why, and what can be said of it all the same."""

    number: int
    why: Refusal
    named: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a row by field, each read or refused."""

    cells: Mapping[str, Cell]
    mapping: Mapping[str, str]
    required: Collection[str]

    def said(self, name: str) -> str:
        """What stands in a cell, as it stands there and however wrong, cut to a line."""
        cell = self.cells[self.mapping[name]] if name in self.mapping else ""
        return "" if is_empty(cell) else read_text(cell)[:SAID]

    def read(self, field: str, reader: Callable[[Cell], Any]) -> Any:
        """What the field's cell means; None where it is empty and may be."""
        cell = self.cells[self.mapping[field]] if field in self.mapping else ""
        if not is_empty(cell):
            return reader(cell)
        if field in self.required:
            raise CellMissing(N_("The cell “%(column)s” is empty."), column=self.mapping[field])
        return None


@dataclass(frozen=True, slots=True)
class FileRead(Generic[Row]):
    """A file read to its end: what it says, row by row, in the order in which it is applied."""

    columns: Matched
    rows: list[Row]
    refused: list[RefusedRow]


def columns_of(
    headers: Sequence[str],
    filename: str,
    known: Known,
    required: Sequence[str],
    override: Mapping[str, str] | None = None,
) -> Matched:
    """Which column holds what; refuses where one is missing that every row needs."""
    columns = match_headers(headers, known, override)
    missing = [field for field in required if field in columns.missing]
    if missing:
        raise ColumnMissing(
            N_("“%(name)s” has no column for %(fields)s."), name=filename, fields=", ".join(missing)
        )
    return columns


def read_rows(
    sheet: Sheet,
    columns: Matched,
    required: Collection[str],
    read: Callable[[int, Cells], Row],
    named: Callable[[Cells], Mapping[str, str | int]],
) -> tuple[list[Row], list[RefusedRow]]:
    """Each row read by its number and cells, or refused beside what can be `named` of it."""
    rows, refused = [], []
    for row in sheet.rows:
        cells = Cells(row.cells, columns.mapping, required)
        try:
            rows.append(read(row.number, cells))
        except Refusal as no:
            refused.append(RefusedRow(row.number, no, named(cells)))
    return rows, refused


def sight_of(
    row: Cells, customer: str, *, seen_on: date | None = None
) -> tuple[Sight, tuple[str, ...]]:
    """Whom a row means, by the field of their number and by name, phone and car; and what is
    doubtful about it."""
    vin = row.read("vin", lambda cell: normalise_vin(read_code(cell)))
    sight = Sight(
        customer_id=row.read(customer, read_code),
        name=row.read("name", plain_text) or "",
        phone=row.read("phone", lambda cell: normalise_phone(read_code(cell))),
        vin=vin.text if vin else None,
        plate=row.read("plate", lambda cell: normalise_plate(read_code(cell)).text),
        make=row.read("make", read_text) or "",
        model=row.read("model", read_text) or "",
        seen_on=seen_on,
    )
    return sight, () if vin is None or vin.check_digit_ok else (VIN_DOUBTFUL,)


def plain_text(cell: Cell) -> str:
    """A text with single blanks."""
    return " ".join(read_text(cell).split())


def word(cell: Cell, names: Mapping[str, Word]) -> Word:
    """One of the words that people write for a thing."""
    text = half_width(read_text(cell))
    found = names.get(text.casefold())
    if found is None:
        raise UnknownWord(N_("“%(word)s” is not known here."), word=text[:40])
    return found
