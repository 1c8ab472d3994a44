"""Workbooks and zips for the tests of sheets, made in memory."""

import io
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook


def workbook_of(*sheets: Sequence[Sequence[object]]) -> bytes:
    """An XLSX with these rows, one list per sheet, as another programme would write it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced or added."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return changed.getvalue()


def part_of(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        return book.read(name)
