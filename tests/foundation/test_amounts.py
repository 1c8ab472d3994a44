"""Amounts of money as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.amounts import AmountTooLarge, FinerThanFen, NotAnAmount, fen_of, parse_fen
from foundation.money import yuan
from tests.foundation.answers import answered


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        *(("1,234.50", 123450), ("¥1,234.50", 123450), ("￥1,234.5", 123450), ("1234", 123400)),
        *(
            ("１，２３４．５０", 123450),
            ("(123.40)", -12340),
            ("-123.4", -12340),
            ("－１２", -1200),
        ),
        *(("300元", 30000), ("RMB 300", 30000), ("¥-5.00", -500), ("(¥5)", -500), ("−5", -500)),
        *(("0", 0), ("-0", 0), ("278.73", 27873), (" 70.05 ", 7005), ("1,000,000", 100000000)),
    ],
)
def test_an_amount_is_read_exactly(written: str, fen: int) -> None:
    """R47; red with float arithmetic (278.73 * 100 is 27873.000000000004)"""
    assert parse_fen(written) == fen


@pytest.mark.parametrize(
    "written",
    [
        "",
        "abc",
        "1.2E+5",
        "1e5",
        "12,34",
        "1,2345",
        "1.234,50",
        "--5",
        "(-5",
        "(-5)",
        "-(5)",
        "5 6",
        "$5",
        "١٢",
        "nan",
        "1_000",
        ".",
        "5.",
        "9" * 30,
        "=1+1",
    ],
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_fen(written)


@pytest.mark.parametrize("written", ["12.345", "12.500", "0.001", "(1,234.567)"])
def test_more_than_two_decimals_are_refused(written: str) -> None:
    """Red when the amount is rounded"""
    with pytest.raises(FinerThanFen, match="more than two decimals"):
        parse_fen(written)


def test_a_calculated_number_finer_than_fen_is_refused() -> None:
    with pytest.raises(FinerThanFen):
        fen_of(Decimal("0.125"))


@pytest.mark.parametrize("amount", [Decimal("1E+12"), Decimal("-1E+300")])
def test_an_absurd_amount_is_refused(amount: Decimal) -> None:
    with pytest.raises(AmountTooLarge):
        fen_of(amount)


@given(st.integers(-(10**12), 10**12))
def test_what_we_write_we_read(fen: int) -> None:
    """R61; red when the minus sign or a separator is lost"""
    assert parse_fen(yuan(fen)) == fen


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    answered(parse_fen, text)
