"""Plates of every kind that is on the road."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.plates import (
    PROVINCES,
    LetterNotOnPlates,
    NotAPlate,
    PlateKind,
    normalise_plate,
)
from tests.foundation.answers import answered


@pytest.mark.parametrize(
    ("text", "kind", "display"),
    [
        ("粤B12345", PlateKind.BLUE, "粤B·12345"),
        ("京AF0236", PlateKind.BLUE, "京A·F0236"),
        ("粤BD12345", PlateKind.GREEN, "粤B·D12345"),
        ("粤BFA1234", PlateKind.GREEN, "粤B·FA1234"),
        ("京AK12345", PlateKind.GREEN, "京A·K12345"),
        ("粤B12345D", PlateKind.GREEN, "粤B·12345D"),
        ("沪A00001F", PlateKind.GREEN, "沪A·00001F"),
        ("粤Z1234港", PlateKind.BLACK, "粤Z·1234港"),
        ("粤ZA123澳", PlateKind.BLACK, "粤Z·A123澳"),
        ("京A1234警", PlateKind.WHITE, "京A·1234警"),
        ("京OA1234", PlateKind.WHITE, "京O·A1234"),
        ("粤B1234学", PlateKind.YELLOW, "粤B·1234学"),
        ("粤B1234挂", PlateKind.YELLOW, "粤B·1234挂"),
        ("沪A0023领", PlateKind.BLACK, "沪A·0023领"),
        ("使014578", PlateKind.BLACK, "使014·578"),
        ("224578使", PlateKind.BLACK, "224·578使"),
        ("粤B1234试", PlateKind.WHITE, "粤B·1234试"),
        ("粤B1234超", PlateKind.WHITE, "粤B·1234超"),
        ("粤B1234临", PlateKind.WHITE, "粤B·1234临"),
        ("粤B临12345", PlateKind.WHITE, "粤B·临12345"),
        ("京XS001应急", PlateKind.WHITE, "京X·S001应急"),
        ("WJ粤12345", PlateKind.WHITE, "WJ粤·12345"),
    ],
)
def test_a_plate_of_each_kind(text: str, kind: PlateKind, display: str) -> None:
    """R48; red for each line of the shapes taken out"""
    plate = normalise_plate(text)
    assert (plate.text, plate.kind, plate.display) == (text, kind, display)


@pytest.mark.parametrize(
    "written",
    ["粤b·12345", " 粤B 12345", "粤B-12345", "粤Ｂ１２３４５", "粤 b・1 2 3 4 5"]
    + [f"粤B{dot}12345" for dot in "·•・‧∙⋅"],
)
def test_every_way_to_write_a_plate_is_the_same_plate(written: str) -> None:
    """R48; red without the half width, the upper case or one of the dots"""
    assert normalise_plate(written).text == "粤B12345"


@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_issues_plates(province: str) -> None:
    assert normalise_plate(f"{province}C8P9Z7").text == f"{province}C8P9Z7"


def test_there_are_thirty_one_provinces() -> None:
    assert len(set(PROVINCES)) == len(PROVINCES) == 31


@pytest.mark.parametrize("written", ["粤BO2345", "粤B1234I", "粤I12345", "粤BDI2345", "粤BO234学"])
def test_a_letter_that_is_not_issued_is_named(written: str) -> None:
    """R48; red when serials take A-Z"""
    with pytest.raises(LetterNotOnPlates, match="no letter I or O"):
        normalise_plate(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "无",
        "粤B",
        "粤B1234",
        "粤B123456",
        "粤BD123456",
        "B12345",
        "粤123456",
        "中B12345",
        "粤BL12345",
        "粤B1D2345E",
        "粤BDAB234",
        "粤B12345粤",
        "1.38E+10",
        "<b>粤B12345",
        "粤B1234港澳",
    ],
)
def test_what_is_no_plate_is_refused(written: str) -> None:
    """R48; red when the energy letter may be any letter, or two letters follow it"""
    with pytest.raises(NotAPlate, match="is not a number plate"):
        normalise_plate(written)


@given(st.text())
def test_any_text_is_a_plate_or_refused(text: str) -> None:
    plate = answered(normalise_plate, text)
    assert plate is None or normalise_plate(plate.display) == plate
