"""Phone numbers, the identity of a member."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import phones
from tests.foundation.answers import answered

MOBILE = "+8613812345678"


@pytest.mark.parametrize(
    "written",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 13812345678",
        "8613812345678",
        "008613812345678",
        "１３８１２３４５６７８",
        "(+86)138.1234.5678",
        "\u202d13812345678\u202c",
    ],
)
def test_every_way_to_write_a_mobile_is_the_same_number(written: str) -> None:
    """Red without the home region or the half width"""
    assert phones.normalise_phone(written) == MOBILE


@pytest.mark.parametrize("prefix", ["130", "147", "162", "166", "172", "190", "192", "197", "199"])
def test_every_mobile_range_is_accepted_before_the_tables_know_it(prefix: str) -> None:
    assert phones.normalise_mobile(f"{prefix}12345678") == f"+86{prefix}12345678"


@pytest.mark.parametrize(
    ("written", "stored", "shown", "hidden", "mobile"),
    [
        ("13812345678", MOBILE, "138 1234 5678", "138****5678", True),
        ("010-12345678", "+861012345678", "010 1234 5678", "+86 ******5678", False),
        ("400-820-8820", "+864008208820", "400 820 8820", "+86 ******8820", False),
        ("+852 9123 4567", "+85291234567", "+852 9123 4567", "+852 *****567", True),
        ("+1 212-555-1234", "+12125551234", "+1 212-555-1234", "+1 ******1234", True),
    ],
)
def test_a_number_is_stored_shown_and_hidden(
    written: str, stored: str, shown: str, hidden: str, mobile: bool
) -> None:
    phone = phones.normalise_phone(written)
    assert (phone, phones.display(phone), phones.masked(phone)) == (stored, shown, hidden)
    assert phones.is_mobile(phone) is mobile


@pytest.mark.parametrize(
    "written",
    [
        "",
        "1381234567",
        "138123456789",
        "12345678901",
        "1.38E+10",
        "13812345678/13912345678",
        "010-12345678转801",
        "abc13812345678",
        "+",
        "+999123456789",
        "13812345678\n13912345678",
    ],
)
def test_what_cannot_be_called_is_refused(written: str) -> None:
    """R47; red when the library may search for a number inside the text"""
    with pytest.raises(phones.NotAPhone, match="is not a phone number"):
        phones.normalise_phone(written)


def test_a_landline_is_no_identity() -> None:
    with pytest.raises(phones.NotAMobile, match="is not a mobile number"):
        phones.normalise_mobile("010-12345678")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_hidden_number_keeps_its_secret(number: str) -> None:
    hidden = phones.masked(phones.normalise_phone(number))
    assert (hidden[:3], hidden[3:7], hidden[7:]) == (number[:3], "****", number[7:])


@given(st.text() | st.text("0123456789+-() ", max_size=20))
def test_any_text_is_a_phone_or_refused(text: str) -> None:
    phone = answered(phones.normalise_phone, text)
    if phone is not None:
        assert phones.normalise_phone(phone) == phone
        assert "*" in phones.masked(phone)
        assert phones.display(phone)
