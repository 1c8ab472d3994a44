"""CSV as shops really send it: four encodings, three delimiters, Excel's `sep=` line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from foundation.sheets.refusals import BrokenEncoding, BrokenText, NotASheet
from foundation.words import N_

_QUOTED = re.compile(r'"[^"]*"')
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DELIMITERS = ",;\t"
_SAMPLE = 20_000
_SEP_LINE = re.compile(r"^sep=([,;\t])\r?\n", re.IGNORECASE)


def csv_records(content: bytes, filename: str) -> Iterator[list[str]]:
    """The records in order, blank lines as empty ones, so that counting gives the row number."""
    text = _decoded(content, filename)
    if _CONTROLS.search(text):
        raise NotASheet(N_("“%(name)s” is neither a CSV file nor a workbook."), name=filename)
    stated = _SEP_LINE.match(text)
    delimiter = stated[1] if stated else _delimiter(text)
    return _parsed(text, delimiter, skip_first=bool(stated), filename=filename)


def _decoded(content: bytes, filename: str) -> str:
    for encoding in _candidates(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BrokenEncoding(
        N_("The text of “%(name)s” cannot be read. Please save it as CSV UTF-8 or as a workbook."),
        name=filename,
    )


def _candidates(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def _delimiter(text: str) -> str:
    """The sign found most in the first line that holds any, which is the headers'."""
    lines = _QUOTED.sub("", text[:_SAMPLE]).splitlines()
    headers = next((line for line in lines if any(sign in line for sign in _DELIMITERS)), "")
    return max(_DELIMITERS, key=headers.count)


def _parsed(text: str, delimiter: str, *, skip_first: bool, filename: str) -> Iterator[list[str]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(records, start=1):
            yield [] if skip_first and number == 1 else record
    except csv.Error as broken:
        raise BrokenText(
            N_("Row %(row)s of “%(name)s” cannot be read: a quotation mark is out of place."),
            row=number + 1,
            name=filename,
        ) from broken
