"""Exports: harmless in the spreadsheet, without loss in our own reader."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from foundation.sheets.reading import open_sheet
from foundation.sheets.writing import Value, csv_pieces, workbook_bytes

HEADERS = ["name", "note"]
texts = st.text(
    st.sampled_from("=+-@\t\r\n'\"＝,;_x000D_F ABC粤·é\u2028\x85😀") | st.characters(codec="utf-8"),
    max_size=12,
)


def kept(text: str) -> str:
    """What an export promises to keep: all but signs that no file may hold, and mere blanks."""
    plain = "".join(
        sign for sign in text if (sign >= " " or sign in "\t\r\n") and sign not in "\ufffe\uffff"
    )
    return plain if plain.strip() else ""


def csv_bytes(rows: list[list[Value]]) -> bytes:
    return b"".join(csv_pieces(HEADERS, rows))


@given(st.lists(st.tuples(texts, texts), max_size=5))
@example([("'=1", "''+1"), ("_x000D_", "\rb"), ("#N/A", "0\t")])
def test_any_text_comes_back_from_csv(rows: list[tuple[str, str]]) -> None:
    """R61; red without `unguarded`, and red when only one apostrophe is looked at"""
    back = open_sheet(b"".join(csv_pieces(HEADERS, rows)), "export.csv").rows
    expected = [[kept(cell) for cell in row] for row in rows]
    assert [list(row.cells.values()) for row in back] == [row for row in expected if any(row)]


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=5))
@example([("'=1", "''+1"), ("_x000D_", "\rb"), ("#N/A", "0\t")])
def test_any_text_comes_back_from_a_workbook(rows: list[tuple[str, str]]) -> None:
    """R61; red without the escape of `_x000D_`, without data_type, with a bare carriage return"""
    back = open_sheet(workbook_bytes(HEADERS, rows), "export.xlsx").rows
    expected = [[kept(cell) for cell in row] for row in rows]
    assert [list(row.cells.values()) for row in back] == [row for row in expected if any(row)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_begins_with_what_a_spreadsheet_runs(start: str) -> None:
    """R61; red for each sign taken out of the guard"""
    text = f"{start}cmd|' /C calc'!A0"
    book = load_workbook(io.BytesIO(workbook_bytes(HEADERS, [[text, ""]])))
    assert book.worksheets[0]["A2"].value == f"'{text}".replace("\r", "_x000D_")
    assert f"'{start}cmd" in csv_bytes([[text, ""]]).decode().replace('"', "")


def test_numbers_stay_numbers() -> None:
    """R61; red when numbers are guarded as text"""
    row: list[Value] = [-5, Decimal("-123.40")]
    book = load_workbook(io.BytesIO(workbook_bytes(HEADERS, [row])))
    assert [cell.value for cell in book.worksheets[0][2]] == [-5, -123.4]
    assert csv_bytes([row]).splitlines()[1] == b"-5,-123.40"


def test_days_moments_and_nothing_come_back() -> None:
    row = [date(2024, 2, 3), datetime(2024, 2, 3, 10, 20, tzinfo=UTC)]
    (back,) = open_sheet(workbook_bytes(HEADERS, [row, [None, None]]), "export.xlsx").rows
    assert back.cells == {"name": date(2024, 2, 3), "note": "2024-02-03 10:20:00+00:00"}


def test_an_export_without_rows_has_its_headers() -> None:
    assert csv_bytes([]) == b"\xef\xbb\xbfname,note\r\n"


def test_a_long_export_leaves_in_pieces() -> None:
    pieces = list(csv_pieces(HEADERS, (["Li", number] for number in range(1200))))
    assert len(pieces) == 3
    rows = list(open_sheet(b"".join(pieces), "export.csv").rows)
    assert [row.cells["note"] for row in rows[-2:]] == ["1198", "1199"]


def test_a_sheet_may_be_named_by_anyone() -> None:
    data = workbook_bytes(HEADERS, [["a", "b"]], title="活动/报名: 'A*B?'\x00" * 5)
    assert [row.cells["name"] for row in open_sheet(data, "export.xlsx").rows] == ["a"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("会员 " + "分" * 40, "会员 " + "分" * 28),
        ("From the link to the first visit", "From the link to the first"),
    ],
)
def test_a_long_name_ends_with_a_word_where_one_ends_late(title: str, name: str) -> None:
    """Red when it is cut at any space, and when it is never cut at one."""
    book = load_workbook(io.BytesIO(workbook_bytes(HEADERS, [], title=title)))
    assert book.sheetnames == [name]
