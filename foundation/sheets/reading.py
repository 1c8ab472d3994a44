"""Opens a CSV file or a workbook as headers and rows, or refuses it with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.sheets.cells import Cell, is_empty
from foundation.sheets.csv_text import csv_records
from foundation.sheets.guard import unguarded
from foundation.sheets.refusals import (
    DuplicateHeader,
    EmptyFile,
    EncryptedWorkbook,
    FileTooLarge,
    NoHeaderRow,
    NotASheet,
    OldWorkbook,
    TooManyRows,
)
from foundation.sheets.workbook import workbook_records
from foundation.words import N_

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
_LEAD_ROWS = 10
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OTHER_KINDS = (
    *(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF-", b"RIFF", b"\x1f\x8b", b"7z\xbc\xaf"),
    *(b"Rar!", b"BZh", b"\xfd7zXZ", b"\x7fELF", b"{\\rtf", b"SQLite format 3"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the headers; `number` is the one the spreadsheet shows beside it."""

    number: int
    cells: dict[str, Cell]
    spilled: bool = False
    """More filled cells than headers: often a comma inside a cell that nobody quoted."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The headers, and the rows to be read once, in order."""

    headers: list[str]
    rows: Iterator[Row]


def open_sheet(
    data: bytes | Path, filename: str, *, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS
) -> Sheet:
    """The sheet in a CSV file or XLSX workbook, told apart by content, not by name.

    Whatever the bytes are, nothing but a `Refusal` is raised, here or while the rows are read.
    """
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if size > max_bytes:
        raise FileTooLarge(
            N_("“%(name)s” is larger than %(megabytes)s MB."),
            name=filename,
            megabytes=max_bytes // (1024 * 1024),
        )
    content = data if isinstance(data, bytes) else data.read_bytes()
    return _titled(_records(content, filename), filename, max_rows)


def _records(content: bytes, filename: str) -> Iterator[Sequence[Cell]]:
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise EmptyFile(N_("“%(name)s” is empty."), name=filename)
    if content.startswith(_OLE):
        raise _ole_refusal(content, filename)
    if content.startswith(_OTHER_KINDS):
        raise NotASheet(N_("“%(name)s” is neither a CSV file nor a workbook."), name=filename)
    if content.startswith(b"PK"):
        return workbook_records(content, filename)
    return csv_records(content, filename)


def _ole_refusal(content: bytes, filename: str) -> Refusal:
    if _ENCRYPTED in content:
        return EncryptedWorkbook(
            N_("“%(name)s” is protected by a password. Please save it without one."),
            name=filename,
        )
    return OldWorkbook(
        N_("“%(name)s” is a workbook of the old kind. Please save it as .xlsx or CSV."),
        name=filename,
    )


def _titled(records: Iterator[Sequence[Cell]], filename: str, max_rows: int) -> Sheet:
    """Finds the header row: the first with two filled cells, since titles stand alone in theirs."""
    numbered = (
        (number, record)
        for number, record in enumerate(records, start=1)
        if not all(map(is_empty, record))
    )
    lead = list(islice(numbered, _LEAD_ROWS))
    if not lead:
        raise EmptyFile(N_("“%(name)s” is empty."), name=filename)
    wide = (at for at, (_, record) in enumerate(lead) if _filled(record) > 1)
    start = next(wide, 0)
    names = _header_names(lead[start][1], filename)
    body = chain(lead[start + 1 :], numbered)
    return Sheet([name for name in names if name], _rows(body, names, filename, max_rows))


def _header_names(record: Sequence[Cell], filename: str) -> list[str]:
    names = [" ".join(half_width(str(_unguarded(cell))).split()) for cell in record]
    if not any(letter.isalpha() for name in names for letter in name):
        raise NoHeaderRow(
            N_("The first row of “%(name)s” must hold the names of the columns."), name=filename
        )
    seen: set[str] = set()
    for name in filter(None, names):
        if name.casefold() in seen:
            raise DuplicateHeader(
                N_("“%(name)s” has two columns named “%(header)s”."),
                name=filename,
                header=name[:60],
            )
        seen.add(name.casefold())
    return names


def _rows(
    body: Iterator[tuple[int, Sequence[Cell]]], names: list[str], filename: str, max_rows: int
) -> Iterator[Row]:
    for count, (number, record) in enumerate(body):
        if count >= max_rows:
            raise TooManyRows(
                N_("“%(name)s” has more than %(limit)s rows. Please split it."),
                name=filename,
                limit=max_rows,
            )
        padded = chain(record, [""] * (len(names) - len(record)))
        cells = {name: _unguarded(cell) for name, cell in zip(names, padded, strict=False) if name}
        yield Row(number, cells, spilled=_filled(record[len(names) :]) > 0)


def _filled(record: Sequence[Cell]) -> int:
    return sum(not is_empty(cell) for cell in record)


def _unguarded(cell: Cell) -> Cell:
    return unguarded(cell) if isinstance(cell, str) and cell.startswith("'") else cell
