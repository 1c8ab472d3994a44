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


def packed_by(workbook: bytes, packing: int) -> bytes:
    """The same parts, packed in another way."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(changed, "w", packing) as new,
    ):
        for part in old.namelist():
            new.writestr(part, old.read(part))
    return changed.getvalue()


def declaring(workbook: bytes, name: str, size: int) -> bytes:
    """The workbook whose directory says that its last part, of this name, unpacks to `size`."""
    lying = bytearray(workbook)
    at = lying.rfind(b"PK\x01\x02")
    assert lying[at + 46 :].startswith(name.encode())
    lying[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(lying)


def with_shared_bytes(workbook: bytes, name: str, times: int) -> bytes:
    """The workbook with one more part, which its directory names many times."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, old.read(part))
        new.writestr(name, b"<a>" + bytes(range(65, 91)) * 2_000 + b"</a>")
        new.filelist += [new.getinfo(name)] * times
    return changed.getvalue()


def inline_sheet(rows: Sequence[Sequence[object]]) -> bytes:
    """A worksheet that holds its texts itself, as some programmes write them."""
    cells = (
        "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in row) for row in rows
    )
    body = "".join(f"<row>{row}</row>" for row in cells)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'.encode()
