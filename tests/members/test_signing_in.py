"""Signing in: who is found, who must pause, who is out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from members import signing_in
from members.contacts import read_contact
from members.models import Account, SignInAttempt
from tests.making import NOW, make_account, make_member, make_owner

KEY = "a test key"
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def _try(db: Session, login: str, address: str = HOME, minutes: int = 0) -> signing_in.Attempt:
    now = NOW + timedelta(minutes=minutes)
    attempt = signing_in.begin_attempt(db, login, address, hash_key=KEY, now=now)
    signing_in.refuse_paused(db, attempt, address, now=now)
    return attempt


def _account(db: Session) -> Account:
    owner = make_owner(db, phone="+8613812345678", email="li@example.com")
    return make_account(db, owner, password_hash="kept")


@pytest.mark.parametrize("login", ["13812345678", "+86 138 1234 5678", "LI@Example.com"])
def test_number_or_address_finds_the_login(db: Session, login: str) -> None:
    account = _account(db)
    assert _try(db, login).account_id == account.id


def test_a_number_given_at_joining_names_its_account_beside_a_password(db: Session) -> None:
    """Red when only proven numbers, and those on owners, are looked at"""
    account = make_account(db, make_owner(db), given_phone="+8613912340000")
    assert _try(db, "139 1234 0000").account_id == account.id


def test_an_address_given_at_joining_names_its_account_beside_a_password(db: Session) -> None:
    """Red when only proven addresses, and those on owners, are looked at"""
    account = make_account(db, make_owner(db), email=None, given_email="li@example.com")
    assert _try(db, "li@example.com").account_id == account.id


def test_an_address_given_by_two_and_proven_by_none_finds_nobody(db: Session) -> None:
    """Red when the first of two is taken"""
    for phone in ("+8613800000001", "+8613800000002"):
        owner = make_owner(db, phone=phone, email="both@example.com")
        make_account(db, owner, email=None)
    assert _try(db, "both@example.com").account_id is None


def test_a_proven_address_wins_over_one_that_was_only_typed(db: Session) -> None:
    """Red when both count alike"""
    make_account(db, make_owner(db, email="li@example.com"), email=None)
    holder = make_account(db, make_owner(db), email="li@example.com")
    assert signing_in.find_login(db, read_contact("li@example.com")) == holder


@pytest.mark.parametrize("login", ["13812345678", "13999999999", "no contact at all"])
def test_five_wrong_tries_make_a_pause_for_known_and_unknown_alike(db: Session, login: str) -> None:
    """Red when only known logins are counted"""
    _account(db)
    for _wrong in range(5):
        _try(db, login)
    with pytest.raises(signing_in.PausedForNow):
        _try(db, login)
    assert _try(db, login, minutes=16)


def test_a_pause_holds_for_one_address(db: Session) -> None:
    """Red when an outsider's tries lock the owner out at home"""
    account = _account(db)
    for _wrong in range(5):
        _try(db, "13812345678", ELSEWHERE)
    assert _try(db, "13812345678", HOME).account_id == account.id


def test_number_and_address_share_one_count(db: Session) -> None:
    """Red when tries are counted by what was typed"""
    _account(db)
    for login in ("13812345678", "li@example.com", "13812345678", "li@example.com", "13812345678"):
        _try(db, login)
    with pytest.raises(signing_in.PausedForNow):
        _try(db, "li@example.com")


def test_fifty_wrong_tries_in_a_day_pause_the_account_everywhere(db: Session) -> None:
    """Red without the account-wide limit"""
    _account(db)
    for number in range(50):
        _try(db, "13812345678", f"198.51.100.{number}")
    with pytest.raises(signing_in.PausedForNow):
        _try(db, "13812345678", HOME)


def test_a_right_password_forgets_the_wrong_ones(db: Session) -> None:
    _account(db)
    for _wrong in range(4):
        _try(db, "13812345678")
    signing_in.finish_attempt(db, _try(db, "13812345678"), HOME, good=True)
    assert db.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_a_password_changed_meanwhile_makes_the_old_answer_void(db: Session) -> None:
    """Red without comparing the stored hash again"""
    account = _account(db)
    attempt = _try(db, "13812345678")
    signing_in.set_password(db, account, "newer", by=account.id, now=NOW)
    with pytest.raises(signing_in.WrongPassword):
        signing_in.finish_attempt(db, attempt, HOME, good=True)


def test_a_closed_account_is_unknown(db: Session) -> None:
    account = _account(db)
    account.active = False
    db.flush()
    assert _try(db, "13812345678").account_id is None


def test_a_new_password_ends_all_sessions(db: Session) -> None:
    """Red when the session version stays"""
    account = make_account(db, make_member(db, login=False))
    before = account.get_id()
    signing_in.set_password(db, account, "newer", by=account.id, now=NOW)
    assert account.get_id() != before
