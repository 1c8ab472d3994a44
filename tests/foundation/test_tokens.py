"""Signed links, sealed values and codes."""

from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from foundation import tokens

OLD, NEW = ["old" * 12], ["new" * 12, "old" * 12]
BOX, NEW_BOX, OTHER_BOX = (Fernet.generate_key().decode() for _ in range(3))
BOXES = [NEW_BOX, BOX]
YEAR = timedelta(days=365)


def test_a_link_is_read_after_its_key_was_followed_by_a_newer_one() -> None:
    """Red when only the newest key reads"""
    token = tokens.sign(OLD, "unsubscribe", {"member": 7})
    assert tokens.read_signed(NEW, "unsubscribe", token, valid_for=YEAR) == {"member": 7}


def test_the_newest_key_signs() -> None:
    """Red without reversing the list for itsdangerous, which signs with the last"""
    token = tokens.sign(NEW, "unsubscribe", 7)
    with pytest.raises(tokens.LinkAltered):
        tokens.read_signed(OLD, "unsubscribe", token, valid_for=YEAR)


def test_a_link_serves_one_purpose_only() -> None:
    """Red with one salt for all"""
    token = tokens.sign(NEW, "unsubscribe", 7)
    with pytest.raises(tokens.LinkAltered):
        tokens.read_signed(NEW, "reset-password", token, valid_for=YEAR)


def test_a_link_expires() -> None:
    """R36: a year for unsubscribing; red without max_age"""
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False) as clock:
        token = tokens.sign(NEW, "unsubscribe", 7)
        clock.shift(YEAR)
        assert tokens.read_signed(NEW, "unsubscribe", token, valid_for=YEAR) == 7
        clock.shift(2)
        with pytest.raises(tokens.LinkExpired):
            tokens.read_signed(NEW, "unsubscribe", token, valid_for=YEAR)


@given(st.text(max_size=60))
def test_any_text_in_place_of_a_token_is_refused(text: str) -> None:
    with pytest.raises(tokens.LinkAltered):
        tokens.read_signed(NEW, "unsubscribe", text, valid_for=YEAR)


@given(st.text())
def test_what_is_sealed_with_an_old_key_is_unsealed_with_the_list(text: str) -> None:
    assert tokens.unseal(BOXES, tokens.seal([BOX], text)) == text


def test_a_sealed_value_says_nothing_of_its_text() -> None:
    """Red when the text is stored as it is, or sealed the same way twice"""
    first, second = tokens.seal(BOXES, "440301"), tokens.seal(BOXES, "440301")
    assert first != second
    assert "440301" not in first


@pytest.mark.parametrize(
    "sealed",
    ["", "nonsense", "密", pytest.param(tokens.seal([OTHER_BOX], "440301"), id="other-box")],
)
def test_what_was_sealed_elsewhere_is_refused(sealed: str) -> None:
    with pytest.raises(tokens.SealBroken):
        tokens.unseal(BOXES, sealed)


def test_a_blind_index_is_the_hmac_that_others_work_out_too() -> None:
    """RFC 4231, test case 2; red with a plain SHA-256"""
    index = tokens.blind_index("Jefe", "what do ya want for nothing?")
    assert index == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_a_secret_holds_its_bits() -> None:
    """R28; red with fewer bytes: 128 bits are 22 signs"""
    assert len(tokens.random_secret()) == 22
    assert tokens.random_secret() != tokens.random_secret()


def test_codes_hold_no_sign_that_is_misread() -> None:
    signs = set("".join(tokens.crockford_code(50) for _ in range(100)))
    assert signs == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert len(tokens.crockford_code()) == 8


@pytest.mark.parametrize("typed", ["7k0m-1qx1", "7KOM IQXL", " ７ｋｏｍ－ｌｑｘｉ ", "7k0m1qx1"])
def test_a_code_typed_as_it_was_heard_is_the_code(typed: str) -> None:
    """Red without folding O, I, L or the full width"""
    assert tokens.normalise_crockford(typed) == "7K0M1QX1"


def test_a_code_of_digits_keeps_its_length() -> None:
    codes = {tokens.digits_code() for _ in range(300)}
    assert {len(code) for code in codes} == {6}
    assert all(code.isdigit() for code in codes)
    assert any(code.startswith("0") for code in codes)
