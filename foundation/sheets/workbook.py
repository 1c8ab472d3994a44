"""XLSX workbooks by calamine, behind checks of what they unpack to.

A workbook is a zip of XML. What its directory says of sizes is asked first, and no more than that
is ever unpacked; each part is looked through for its extent and for document types, and handed on
in a fresh zip: what was checked is what is read.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from xml.parsers.expat import ExpatError

from python_calamine import CalamineSheet, CalamineWorkbook

from foundation.refusals import Refusal
from foundation.sheets.cells import Cell
from foundation.sheets.extent import check_extent
from foundation.sheets.refusals import (
    BrokenWorkbook,
    EmptyFile,
    EncryptedWorkbook,
    FileTooLarge,
    NotASheet,
)
from foundation.words import N_

MAX_UNPACKED = 256 * 1024 * 1024
MAX_PARTS = 2_000
MAX_RATIO, SMALL = 200, 8 * 1024 * 1024
"""How many times its packed size a workbook may unpack to, once that is no small one: tables reach
ten to forty times, one and the same row again and again 165, a bomb a thousand."""
_PASSWORD_FLAG = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, ExpatError, NotImplementedError),
    *(OSError, EOFError, ValueError, RuntimeError, OverflowError, LookupError),
)


def workbook_records(content: bytes, filename: str) -> Iterator[list[Cell]]:
    """The records of the first sheet that holds anything, from its very first row on."""
    checked = _checked(content, filename)
    try:
        sheet = _first_filled(CalamineWorkbook.from_filelike(checked))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as broken:  # a panic inside calamine is no Exception
        raise _damaged(filename) from broken
    if sheet is None:
        raise EmptyFile(N_("“%(name)s” is empty."), name=filename)
    return ([_cell(value) for value in record] for record in sheet.to_python(skip_empty_area=False))


def _checked(content: bytes, filename: str) -> io.BytesIO:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return _repacked(book, len(content), filename)
    except Refusal:
        raise
    except _ZIP_FAULTS as broken:
        raise _damaged(filename) from broken


def _repacked(book: zipfile.ZipFile, size: int, filename: str) -> io.BytesIO:
    """A fresh zip of the workbook's XML, each part unpacked under the limit and looked through."""
    parts = [part for part in book.infolist() if part.filename.endswith((".xml", ".rels"))]
    _check_parts(book, parts, size, filename)
    fresh = io.BytesIO()
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as out:
        for part in parts:
            xml = _unpacked(book, part)
            check_extent(xml, filename)
            out.writestr(part.filename, xml)
    fresh.seek(0)
    return fresh


def _unpacked(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part's bytes, never more than its directory entry speaks of, whatever it is packed from.

    Asked for a number of bytes, zipfile unpacks no more; asked for all, it unpacks all there is.
    """
    with book.open(part) as packed:
        xml = packed.read(part.file_size)
        if len(xml) != part.file_size:
            raise zipfile.BadZipFile("a part ends early")
    return xml


def _check_parts(
    book: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int, filename: str
) -> None:
    if any(part.flag_bits & _PASSWORD_FLAG for part in book.infolist()):
        raise EncryptedWorkbook(
            N_("“%(name)s” is protected by a password. Please save it without one."),
            name=filename,
        )
    if not any(part.filename.startswith("xl/") for part in parts):
        raise NotASheet(N_("“%(name)s” is neither a CSV file nor a workbook."), name=filename)
    packed = sum(part.compress_size for part in parts)
    if packed > size or any(part.compress_type not in _PACKINGS for part in parts):
        raise _damaged(filename)
    unpacked = sum(part.file_size for part in parts)
    most = min(max(SMALL, packed * MAX_RATIO), MAX_UNPACKED)
    if len(parts) > MAX_PARTS or unpacked > most:
        raise FileTooLarge(N_("“%(name)s” unpacks to more than we can read."), name=filename)


def _first_filled(book: CalamineWorkbook) -> CalamineSheet | None:
    sheets = (book.get_sheet_by_index(index) for index in range(len(book.sheet_names)))
    return next((sheet for sheet in sheets if sheet.height), None)


def _damaged(filename: str) -> BrokenWorkbook:
    return BrokenWorkbook(N_("“%(name)s” is damaged and cannot be opened."), name=filename)


def _cell(value: object) -> Cell:
    """A cell as text, number, day or moment; a number to the 15 digits that Excel keeps."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and isfinite(value):
        return Decimal(f"{value:.15g}")
    return value if isinstance(value, str | date | datetime) else str(value)
