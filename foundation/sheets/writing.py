"""Writes CSV and XLSX that no spreadsheet runs (R61) and that our own reader takes back."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from foundation.sheets.guard import guarded

Value = str | int | Decimal | date | datetime | None
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST = 32_767
LONGEST_NAME = 31
_FLUSH = 500


def csv_pieces(headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A CSV file (UTF-8 with BOM, so that Excel reads Chinese) in pieces of some hundred rows."""
    piece = io.StringIO("\ufeff", newline="")
    piece.seek(0, io.SEEK_END)
    writer = csv.writer(piece)
    writer.writerow([_text(header) for header in headers])
    for count, row in enumerate(rows, start=1):
        writer.writerow([_csv_value(value) for value in row])
        if count % _FLUSH == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, the words over its columns, its rows."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook_bytes(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], *, title: str = "Sheet1"
) -> bytes:
    """An XLSX workbook of one sheet. Texts beyond Excel's 32,767 characters are cut there."""
    return workbook_of([Sheet(title, headers, rows)])


def file_of(form: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A table as a file of this form: csv or xlsx."""
    return b"".join(csv_pieces(headers, rows)) if form == "csv" else workbook_bytes(headers, rows)


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX workbook of several sheets, in their order; a name that is there gets a number."""
    book = Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(_sheet_name(one.title))
        sheet.append([_workbook_value(sheet, header) for header in one.headers])
        for row in one.rows:
            sheet.append([_workbook_value(sheet, value) for value in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _sheet_name(title: str) -> str:
    """A title as Excel takes it: without its signs, 31 letters at most, ending with a word where
    one ends in the last third."""
    name = re.sub(r"[\\*?:/\[\]']", " ", _NO_TEXT.sub("", title)).strip()
    if len(name) <= LONGEST_NAME:
        return name
    head = name[: LONGEST_NAME + 1].rpartition(" ")[0]
    return head.rstrip(" ,") if 3 * len(head) >= 2 * LONGEST_NAME else name[:LONGEST_NAME]


def _text(text: str) -> str:
    """Without signs that no file may hold; blank text is an empty cell; guarded."""
    kept = _NO_TEXT.sub("", text)
    return guarded(kept) if kept.strip() else ""


def _csv_value(value: Value) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _workbook_value(sheet: WriteOnlyWorksheet, value: Value) -> object:
    """Text is marked as text, so that neither `=` nor `#N/A` becomes anything else."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.isoformat(" ", "seconds")
    if not isinstance(value, str):
        return value
    text = _ESCAPE_LOOKALIKE.sub("_x005F_", _text(value)).replace("\r", "_x000D_")
    cell = WriteOnlyCell(sheet, text[:_LONGEST])
    cell.data_type = "s"
    return cell
