"""Passwords: what may be one, and how they are compared."""

import pytest

from members import passwords
from members.passwords import CHEAP, PasswordRefused


def test_a_password_matches_itself_alone() -> None:
    stored = passwords.hash_password("sesame-1234", CHEAP)
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "sesame-1234", CHEAP)
    assert not passwords.matches(stored, "sesame-1235", CHEAP)


def test_full_width_letters_are_the_same_password() -> None:
    """Red without NFKC"""
    assert passwords.matches(
        passwords.hash_password("sesame-1234", CHEAP), "ｓｅｓａｍｅ-1234", CHEAP
    )


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_no_stored_password_never_matches(stored: str | None) -> None:
    """Red when the hash of nobody counts as a match"""
    assert not passwords.matches(stored, "the password of nobody", CHEAP)


@pytest.mark.parametrize(
    "plain", ["short1", "x" * 129, "aaaabbbb", "13812345678", "+8613812345678", "li@example.com"]
)
def test_what_is_easy_to_guess_is_refused(plain: str) -> None:
    with pytest.raises(PasswordRefused):
        passwords.check_new(plain, "+8613812345678", "li@example.com", None)


def test_a_sentence_is_a_password() -> None:
    passwords.check_new("山路十八弯 山路九连环", "+8613812345678")
