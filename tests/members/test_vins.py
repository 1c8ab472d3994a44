"""VINs, of which a wrong check digit only warns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.vins import NotAVin, normalise_vin
from tests.foundation.answers import answered

GOOD = "LSVAA49J132047371"


@pytest.mark.parametrize("vin", [GOOD, "1HGCM82633A004352", "1M8GDM9AXKP042788", "1" * 17])
def test_a_right_check_digit_is_known(vin: str) -> None:
    """R48; red for a changed weight, value or X for ten"""
    assert normalise_vin(vin).check_digit_ok


def test_a_wrong_check_digit_warns_and_does_not_refuse() -> None:
    """R48; red when it raises: European cars carry any sign there"""
    vin = normalise_vin("WVWZZZ1JZ3W386752")
    assert (vin.text, vin.check_digit_ok) == ("WVWZZZ1JZ3W386752", False)


@pytest.mark.parametrize(
    "written", [f" {GOOD.lower()} ", "LSVAA49J1 3204 7371", "ＬＳＶＡＡ４９Ｊ１３２０４７３７１"]
)
def test_every_way_to_write_a_vin_is_the_same_vin(written: str) -> None:
    """R48; red without trimming, upper case or the half width"""
    assert normalise_vin(written).text == GOOD


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "has 17 characters"),
        (GOOD[:16], "has 16"),
        (GOOD + "1", "has 18"),
        (GOOD.replace("1", "I"), "no letter I, O or Q"),
        (GOOD.replace("0", "o"), "no letter I, O or Q"),
        (GOOD.replace("A", "Q"), "no letter I, O or Q"),
        (GOOD.replace("A", "车"), "only letters and digits"),
        (GOOD.replace("1", "²"), "only letters and digits"),
    ],
)
def test_what_cannot_be_a_vin_is_refused_with_the_reason(written: str, sentence: str) -> None:
    """R48"""
    with pytest.raises(NotAVin, match=sentence):
        normalise_vin(written)


def test_a_vin_tells_its_maker() -> None:
    assert normalise_vin(GOOD).maker == "SAIC Volkswagen"


@given(st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=17, max_size=17))
def test_any_vin_answers_even_of_an_unknown_maker(text: str) -> None:
    vin = normalise_vin(text)
    assert vin.text == text
    assert isinstance(vin.maker, str)


@given(st.text())
def test_any_text_is_a_vin_or_refused(text: str) -> None:
    answered(normalise_vin, text)
