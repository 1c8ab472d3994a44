"""What cells mean: days, amounts, whole numbers, codes."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.sheets import cells
from tests.foundation.answers import answered

THE_DAY = date(2024, 2, 3)


@pytest.mark.parametrize(
    "written",
    [
        *("2024-02-03", "2024/2/3", "2024.2.3", "2024年2月3日", "２０２４／２／３", "20240203"),
        *("2024-02-03 10:20", "2024-02-03T10:20:30.125", "2024/2/3 9:05:00 PM", " 2024-2-3 "),
        *("2024年2月3日 10时20分", "2024年 2月 3日 下午3:05", "45325", "45325.4305"),
        *(Decimal(45325), Decimal("45325.43"), Decimal(20240203)),
        *(THE_DAY, datetime(2024, 2, 3, 23, 59)),  # noqa: DTZ001
    ],
)
def test_a_day_is_read_from_every_writing(written: cells.Cell) -> None:
    """R47; red without the serials, the compact form or the clock after the day"""
    assert cells.read_day(written) == THE_DAY


@pytest.mark.parametrize(
    "written",
    [
        *("", "tomorrow", "3/2/2024", "2024-13-01", "2023-02-29", "2024-2/3", "24-2-3"),
        *("2024-02-03 tea", "2024-02-03T10:20:00Z", "0001-01-01", "9999-12-31", "7", "123456"),
        *("²0240203", "45325.²", Decimal(-1), Decimal(7)),
    ],
)
def test_a_day_is_never_guessed(written: cells.Cell) -> None:
    with pytest.raises(cells.NotADay):
        cells.read_day(written)


@given(st.dates(date(1928, 1, 1), date(2170, 1, 1)))
def test_serials_are_excels_for_every_day(day: date) -> None:
    """R47; red with 1900-01-01 as day 0 or 1"""
    assert cells.read_day(Decimal((day - date(2024, 2, 3)).days + 45325)) == day


@given(st.integers(-(10**12), 10**12))
def test_every_float_that_means_whole_fen_is_read_exactly(fen: int) -> None:
    """R47; red when the number comes as Decimal(float) or is cut with int(x * 100)"""
    assert cells.read_fen(Decimal(f"{fen / 100:.15g}")) == fen


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Decimal("123"), "123"),
        (Decimal("123.0"), "123"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.50"), "0.5"),
        ("  00123 ", "00123"),
        (THE_DAY, "2024-02-03"),
        (datetime(2024, 2, 3, 10, 20), "2024-02-03 10:20:00"),  # noqa: DTZ001
    ],
)
def test_a_text_is_what_a_person_sees(cell: cells.Cell, text: str) -> None:
    assert cells.read_text(cell) == text


@pytest.mark.parametrize("code", ["00123", "LSVAA49J132047371", "536367", "1E5", "5E12345"])
def test_a_code_stays_as_it_is(code: str) -> None:
    """R47; red with a pattern that takes 1E5 for a shortened number"""
    assert cells.read_code(code) == code


def test_a_code_typed_full_width_is_folded() -> None:
    assert cells.read_code("　ＮＯ．００１２ ") == "NO.0012"


@pytest.mark.parametrize("shown", ["1.38E+10", "1.38e10", "1E+10", "１．３８Ｅ＋１０", "-2.5E-05"])
def test_a_code_in_scientific_notation_is_refused_by_name(shown: str) -> None:
    """R47; red without the check"""
    with pytest.raises(cells.ScientificNotation, match="was shortened by the spreadsheet"):
        cells.read_code(shown)


def test_a_number_whose_last_digits_excel_dropped_is_no_code() -> None:
    """Red without the 15-digit check: an 18-digit number would end in zeros"""
    with pytest.raises(cells.LostDigits):
        cells.read_code(Decimal("440301199001010000"))


@pytest.mark.parametrize(
    "written", ["12345", "12,345", "12345.0", "12345 km", "12,345公里", "１２３４５"]
)
def test_a_mileage_is_a_whole_number(written: str) -> None:
    assert cells.read_whole(written) == 12345


@pytest.mark.parametrize("written", ["", "12.5", "1,23", "12345 miles", "1.2E+5", "١٢٣", "9" * 40])
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    with pytest.raises(cells.NotAWholeNumber):
        cells.read_whole(written)


@given(st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=4) | st.dates())
def test_any_cell_is_read_or_refused(cell: cells.Cell) -> None:
    for read in (
        cells.read_text,
        cells.read_code,
        cells.read_day,
        cells.read_whole,
        cells.read_fen,
    ):
        answered(read, cell)
