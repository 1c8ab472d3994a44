"""Files that shops send, opened as headers and rows."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from foundation.sheets.reading import open_sheet
from foundation.sheets.refusals import (
    BrokenText,
    DuplicateHeader,
    NoHeaderRow,
    TooManyRows,
)
from tests.foundation.sheets.sheet_files import workbook_of

TEXT = "工单号,车牌,金额\r\n00123,粤B·12345,278.73\r\n"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_csv_in_every_encoding_that_shops_use_reads_the_same(encoding: str) -> None:
    """R47; red without gb18030 and without utf-16"""
    sheet = open_sheet(TEXT.encode(encoding), "orders.csv")
    assert sheet.headers == ["工单号", "车牌", "金额"]
    assert [row.cells for row in sheet.rows] == [
        {"工单号": "00123", "车牌": "粤B·12345", "金额": "278.73"}
    ]


def test_big_endian_utf16_is_read_too() -> None:
    """R47"""
    sheet = open_sheet(b"\xfe\xff" + TEXT.encode("utf-16-be"), "orders.csv")
    assert sheet.headers == ["工单号", "车牌", "金额"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_each_delimiter_is_found_beside_others_inside_quotes(delimiter: str) -> None:
    """R47; red when quoted text is counted as well"""
    others = ",;\t".replace(delimiter, "") * 3
    text = f'name{delimiter}"a{others}b"\nLi{delimiter}1\n'
    sheet = open_sheet(text.encode(), "orders.csv")
    assert [list(row.cells.values()) for row in sheet.rows] == [["Li", "1"]]


def test_excels_line_naming_the_delimiter_is_no_header() -> None:
    sheet = open_sheet(b"sep=;\r\nname;amount\r\nLi;1,50\r\n", "orders.csv")
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (3, {"name": "Li", "amount": "1,50"})
    ]


def test_rows_carry_the_number_that_the_spreadsheet_shows() -> None:
    """Red when blank lines are dropped before counting"""
    sheet = open_sheet(b"\n\nname,amount\n\nLi,1\n,\nWang,2\n", "orders.csv")
    assert [row.number for row in sheet.rows] == [5, 7]


def test_a_title_above_the_headers_is_passed_over() -> None:
    sheet = open_sheet(
        workbook_of([["2024年维修工单"], [], ["工单号", "金额"], ["A1", 5]]), "a.xlsx"
    )
    assert sheet.headers == ["工单号", "金额"]
    assert [(row.number, row.cells["工单号"]) for row in sheet.rows] == [(4, "A1")]


def test_a_workbook_keeps_numbers_days_and_leading_zeros() -> None:
    """R47; red with float cells (278.73 becomes 278.7300000000000181…)"""
    day, moment = date(2024, 2, 3), datetime(2024, 2, 3, 10, 20)  # noqa: DTZ001
    data = workbook_of([["no", "fen", "day", "moment"], ["00123", 278.73, day, moment]])
    (row,) = open_sheet(data, "orders.xlsx").rows
    assert row.cells == {"no": "00123", "fen": Decimal("278.73"), "day": day, "moment": moment}


def test_the_first_sheet_that_holds_anything_is_read() -> None:
    """Red when always the first sheet is taken"""
    sheet = open_sheet(workbook_of([], [["name", "km"], ["Li", 0]]), "cars.xlsx")
    assert [row.cells for row in sheet.rows] == [{"name": "Li", "km": Decimal(0)}]


def test_a_row_of_zeros_is_a_row() -> None:
    """Red when emptiness is the truth of the cell"""
    sheet = open_sheet(workbook_of([["km", "amount"], [0, 0]]), "cars.xlsx")
    assert [row.number for row in sheet.rows] == [2]


def test_columns_without_a_name_are_left_out_and_short_rows_filled() -> None:
    sheet = open_sheet(b"name,,amount\nLi,note,5\nWang\n", "orders.csv")
    assert sheet.headers == ["name", "amount"]
    assert [row.cells for row in sheet.rows] == [
        {"name": "Li", "amount": "5"},
        {"name": "Wang", "amount": ""},
    ]


def test_a_row_wider_than_the_headers_says_so() -> None:
    """An unquoted thousands comma must not shift an amount; red without `spilled`"""
    rows = list(open_sheet(b"name,amount\nLi,1,234\nWang,5,\n", "orders.csv").rows)
    assert [row.spilled for row in rows] == [True, False]


def test_formulas_in_csv_are_only_text() -> None:
    (row,) = open_sheet(b"name,amount\n=1+1,5\n", "orders.csv").rows
    assert row.cells["name"] == "=1+1"


def test_a_file_on_disk_is_read_like_an_upload(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(TEXT.encode())
    assert open_sheet(path, path.name).headers == ["工单号", "车牌", "金额"]


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(DuplicateHeader, match="two columns named “Amount”"):
        open_sheet(b"amount,name,Amount \n1,2,3\n", "orders.csv")


def test_a_file_without_column_names_is_refused() -> None:
    with pytest.raises(NoHeaderRow):
        open_sheet(b"536367,13047,2010-12-01,278.73\n", "orders.csv")


def test_the_row_after_the_last_allowed_one_is_refused() -> None:
    """Red with `count > max_rows`"""
    rows = open_sheet(b"name,amount\na,1\nb,2\nc,3\n", "orders.csv", max_rows=2).rows
    assert [next(rows).number, next(rows).number] == [2, 3]
    with pytest.raises(TooManyRows, match="more than 2 rows"):
        next(rows)


def test_a_quotation_mark_left_open_is_refused_with_its_row() -> None:
    """Red without strict=True: the rest of the file would become one cell"""
    with pytest.raises(BrokenText, match="Row 3"):
        list(open_sheet(b'name,amount\na,1\nb,"2\nc,3\n', "orders.csv").rows)
