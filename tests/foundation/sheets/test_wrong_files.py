"""Files that are no sheets: each is refused with its reason, and nothing else is ever raised."""

import io
import random
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from foundation.refusals import Refusal
from foundation.sheets import refusals as no
from foundation.sheets import workbook
from foundation.sheets.reading import open_sheet
from tests.foundation.answers import answered
from tests.foundation.sheets.sheet_files import (
    declaring,
    inline_sheet,
    packed_by,
    part_of,
    saved,
    with_part,
    with_shared_bytes,
    workbook_of,
)

SHEET = "xl/worksheets/sheet1.xml"
BOOK = workbook_of([["order_no", "amount", "day"], ["00123", 278.73, "2024-02-03"]])
CSV = "工单号,车牌,金额\r\n00123,粤B·12345,278.73\r\n".encode("gb18030")
BOMB = with_part(BOOK, SHEET, part_of(BOOK, SHEET) + b" " * 64_000_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", no.EmptyFile),
        (b"\xef\xbb\xbf\r\n \r\n", no.EmptyFile),
        (b",,\r\n,,\r\n", no.EmptyFile),
        (workbook_of([], []), no.EmptyFile),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", no.NotASheet),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", no.NotASheet),
        (b"%PDF-1.7\n", no.NotASheet),
        (b"name,\x00amount\n", no.NotASheet),
        (OLE + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le"), no.EncryptedWorkbook),
        (OLE + b"\0" * 64 + "Workbook".encode("utf-16-le"), no.OldWorkbook),
        (b"PK\x03\x04 not a zip", no.BrokenWorkbook),
        (BOOK[: len(BOOK) // 2], no.BrokenWorkbook),
        (b"\xff\xfen\x00a\x00\xd8", no.BrokenEncoding),
        (b"name,amount\n\xff\xff\xff,1\n", no.BrokenEncoding),
        (b"name,amount\n" + b"x" * 200_000 + b",1\n", no.BrokenText),
    ],
)
def test_each_wrong_file_is_refused_by_its_own_name(data: bytes, reason: type[Refusal]) -> None:
    with pytest.raises(reason) as refused:
        list(open_sheet(data, "orders.xlsx").rows)
    assert type(refused.value) is reason


def test_a_zip_of_something_else_is_no_workbook() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("holiday.jpg", b"...")
    with pytest.raises(no.NotASheet):
        open_sheet(data.getvalue(), "holiday.zip")


def test_a_file_above_the_limit_is_refused_unread() -> None:
    with pytest.raises(no.FileTooLarge, match="larger than 1 MB"):
        open_sheet(b"x" * (1024 * 1024 + 1), "big.csv", max_bytes=1024 * 1024)


def test_parts_that_are_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Red without the sum over the parts"""
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    noise = random.Random(1).randbytes(300_000).hex().encode()
    large = with_part(with_part(BOOK, "xl/one.xml", noise), "xl/two.xml", noise)
    with pytest.raises(no.FileTooLarge, match="unpacks"):
        open_sheet(large, "large.xlsx")


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        (BOMB, no.FileTooLarge),
        (declaring(BOMB, SHEET, 900_000), no.BrokenWorkbook),
        (packed_by(BOMB, zipfile.ZIP_BZIP2), no.BrokenWorkbook),
        (with_shared_bytes(BOOK, "xl/same.xml", 50), no.BrokenWorkbook),
    ],
    ids=["honest", "lying", "packed otherwise", "sharing bytes"],
)
def test_a_bomb_is_refused_before_it_unpacks(bomb: bytes, reason: type[Refusal]) -> None:
    """64 MB of blanks in 64 kB, and a small part named fifty times; red without the ratio, when a
    part is read without its declared size, and without the check of packings"""
    tracemalloc.start()
    try:
        with pytest.raises(reason) as refused:
            open_sheet(bomb, "bomb.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert type(refused.value) is reason


def test_a_table_that_repeats_itself_is_no_bomb() -> None:
    """10 MB in 64 kB, as far as real rows can be packed; red with a ratio of 100"""
    told = "机油保养，更换机滤，检查刹车片厚度与轮胎磨损" * 8
    rows = [[told, 1, 2] for _ in range(16_000)]
    book = with_part(BOOK, SHEET, inline_sheet([["work", "a", "b"], *rows]))
    assert sum(1 for _ in open_sheet(book, "same.xlsx").rows) == len(rows)


def test_what_a_lying_zip_hides_is_never_read() -> None:
    """Its directory says the part ends early; red when the file itself goes to the reader"""
    shown = b"<worksheet/>"
    lying = bytearray(
        declaring(with_part(BOOK, SHEET, shown + part_of(BOOK, SHEET)), SHEET, len(shown))
    )
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 16 : at + 20] = zlib.crc32(shown).to_bytes(4, "little")
    with pytest.raises(no.EmptyFile):
        open_sheet(bytes(lying), "lying.xlsx")


def test_two_cells_in_opposite_corners_do_not_ask_for_all_memory() -> None:
    """The reader would reserve half a terabyte and abort the process; red without check_extent"""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "name", "amount"
    with pytest.raises(no.FileTooLarge, match="reach too far"):
        open_sheet(saved(book), "corners.xlsx")


def test_far_cells_without_their_own_address_are_counted_on() -> None:
    """Red when only addresses are read: 20 cells without one in row 1048576 are 21 million"""
    xml = part_of(BOOK, SHEET)
    far = b'<row r="1048576">' + b"<c><v>1</v></c>" * 20 + b"</row></sheetData>"
    with pytest.raises(no.FileTooLarge, match="reach too far"):
        open_sheet(with_part(BOOK, SHEET, xml.replace(b"</sheetData>", far)), "far.xlsx")


def test_a_document_type_in_a_workbook_is_refused() -> None:
    """Red without the doctype handler"""
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(no.NotASheet):
        open_sheet(with_part(BOOK, SHEET, laughs + part_of(BOOK, SHEET)), "laughs.xlsx")


def test_a_password_on_the_zip_is_named() -> None:
    locked = bytearray(BOOK)
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(no.EncryptedWorkbook):
        open_sheet(bytes(locked), "locked.xlsx")


def _read_or_refused(data: bytes) -> None:
    answered(lambda given: list(open_sheet(given, "any.xlsx").rows), data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _read_or_refused(data)


@given(st.sampled_from([b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", OLE]), st.binary(max_size=200))
def test_any_bytes_behind_a_known_beginning_are_read_or_refused(head: bytes, rest: bytes) -> None:
    _read_or_refused(head + rest)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([BOOK, CSV]), st.integers(0, 2**32), st.integers(1, 12))
def test_real_files_with_any_bytes_changed_are_read_or_refused(
    file: bytes, seed: int, changes: int
) -> None:
    chance = random.Random(seed)
    broken = bytearray(file)
    for _ in range(changes):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    _read_or_refused(bytes(broken[: chance.choice([len(broken), chance.randrange(len(broken))])]))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    st.integers(0, 2**32),
)
def test_workbooks_whose_xml_was_changed_inside_are_read_or_refused(part: str, seed: int) -> None:
    """The zip is sound here, so that the changes reach the reader of the XML"""
    chance = random.Random(seed)
    xml = bytearray(part_of(BOOK, part))
    for _ in range(chance.randrange(1, 6)):
        xml[chance.randrange(len(xml))] = ord(chance.choice("<>/\"'=&0123456789 AZaz\t"))
    _read_or_refused(with_part(BOOK, part, bytes(xml)))
