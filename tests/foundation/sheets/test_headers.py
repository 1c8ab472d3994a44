"""Columns found by their names."""

import pytest

from foundation.sheets.headers import NoSuchColumn, NoSuchField, match_headers

KNOWN = {
    "order_no": ("order number", "工单号", "结算单号"),
    "amount": ("paid", "金额", "实收金额"),
    "day": ("order date", "结算日期"),
}


@pytest.mark.parametrize(
    "header", ["Order_No", "ORDER NO.", "ｏｒｄｅｒ－ｎｏ", "工单号", " 工 单 号*"]
)
def test_a_known_name_is_found_in_any_case_width_and_spacing(header: str) -> None:
    assert match_headers([header], KNOWN).mapping == {"order_no": header}


def test_a_unit_in_brackets_does_not_hide_the_name() -> None:
    assert match_headers(["实收金额（元）"], KNOWN).mapping == {"amount": "实收金额（元）"}


def test_what_nobody_asked_for_and_what_is_missing_are_said() -> None:
    matched = match_headers(["工单号", "备注", "金额"], KNOWN)
    assert (matched.ignored, matched.missing) == (["备注"], ["day"])


def test_the_order_of_columns_does_not_matter() -> None:
    """R46"""
    there = match_headers(["工单号", "金额", "结算日期"], KNOWN)
    back = match_headers(["结算日期", "金额", "工单号"], KNOWN)
    assert list(there.mapping.items()) == list(back.mapping.items())


def test_an_override_comes_before_a_known_name() -> None:
    """Red when known names are matched first"""
    matched = match_headers(["工单号", "Ticket", "金额"], KNOWN, {"order_no": "ticket"})
    assert matched.mapping == {"order_no": "Ticket", "amount": "金额"}
    assert matched.ignored == ["工单号"]


def test_of_two_headers_for_one_field_the_second_is_ignored() -> None:
    matched = match_headers(["金额", "实收金额"], KNOWN)
    assert (matched.mapping, matched.ignored) == ({"amount": "金额"}, ["实收金额"])


def test_an_override_of_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchColumn, match="no column named “Ticket”"):
        match_headers(["工单号"], KNOWN, {"order_no": "Ticket"})


def test_an_override_of_an_unknown_field_is_refused() -> None:
    with pytest.raises(NoSuchField, match="no field named “colour”"):
        match_headers(["工单号"], KNOWN, {"colour": "工单号"})
