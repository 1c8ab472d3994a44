"""One-time codes: once, for a while, for one purpose, and not too many."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, LetterState, Reader
from members import codes
from members.codes import Proof
from members.contacts import read_contact
from members.models import CodePurpose, OneTimeCode
from tests.making import NOW

KEY = "a test key"
PHONE = read_contact("13812345678")
PROOF = Proof(CodePurpose.SIGN_IN, PHONE)
READER = Reader("contact", 0, Channel.TEXT, PHONE.key, "en")


def _sent(db: Session, proof: Proof = PROOF, reader: Reader | None = READER) -> str:
    """The digits of a new code, as its letter says them."""
    code = codes.send(db, proof, reader, hash_key=KEY, now=NOW)
    letter = db.scalars(select(Letter).where(Letter.key == f"code:{code.id}")).one()
    db.commit()
    return str(letter.details["code"])


def _use(db: Session, typed: str, minutes: int = 0, proof: Proof = PROOF) -> bool:
    return codes.use(db, proof, typed, hash_key=KEY, now=NOW + timedelta(minutes=minutes))


def test_a_code_works_once(db: Session) -> None:
    """The used moment is looked at before and after comparing; either alone keeps this green"""
    digits = _sent(db)
    assert [_use(db, digits), _use(db, digits)] == [True, False]


def test_a_code_may_be_typed_on_any_keyboard(db: Session) -> None:
    digits = _sent(db)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in digits)
    assert _use(db, f"{wide[:3]} {wide[3:]}")


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (15, False)])
def test_a_code_lives_fifteen_minutes(db: Session, minutes: int, good: bool) -> None:
    """Red when the expiry is not compared"""
    assert _use(db, _sent(db), minutes) is good


def test_five_wrong_tries_end_a_code(db: Session) -> None:
    """Red without the tries < limit condition"""
    digits = _sent(db)
    wrong = str((int(digits) + 1) % 1_000_000).zfill(6)
    for _try in range(5):
        assert not _use(db, wrong)
    assert not _use(db, digits)


def test_a_code_is_for_its_purpose_its_contact_and_its_thing(db: Session) -> None:
    """Red when the hash leaves one of them out"""
    digits = _sent(db)
    others = [
        Proof(CodePurpose.RESET, PHONE),
        Proof(CodePurpose.SIGN_IN, read_contact("13812345679")),
        Proof(CodePurpose.SIGN_IN, PHONE, about="claim 7"),
    ]
    assert [_use(db, digits, proof=proof) for proof in others] == [False, False, False]


def test_a_newer_code_ends_the_older_and_its_letter(db: Session) -> None:
    """Red without withdrawing: two codes would reach the phone; the desk reads why in a sentence"""
    older = _sent(db)
    newer = _sent(db)
    letters = db.execute(select(Letter.state, Letter.why).order_by(Letter.id)).all()
    why = "A newer code was sent."
    assert letters == [(LetterState.SKIPPED, why), (LetterState.QUEUED, None)]
    assert [older == newer or not _use(db, older), _use(db, newer)] == [True, True]


def test_a_contact_gets_five_codes_an_hour(db: Session) -> None:
    """Red without the count; the sixth is refused and an hour later there is one again"""
    for _code in range(5):
        _sent(db)
    with pytest.raises(codes.TooManyCodes):
        codes.send(db, PROOF, READER, hash_key=KEY, now=NOW)
    assert codes.send(db, PROOF, READER, hash_key=KEY, now=NOW + timedelta(hours=1))


def test_an_unknown_contact_gets_a_row_and_no_letter(db: Session) -> None:
    """Red when unknown contacts are not counted: the limit would tell them apart"""
    codes.send(db, PROOF, None, hash_key=KEY, now=NOW)
    assert len(db.scalars(select(OneTimeCode)).all()) == 1
    assert db.scalars(select(Letter)).all() == []


def test_the_digits_are_not_kept_with_the_code(db: Session) -> None:
    digits = _sent(db)
    kept = db.scalars(select(OneTimeCode)).one()
    assert digits not in kept.code_hash
    assert len(kept.code_hash) == 64


def test_old_codes_and_tries_are_swept_and_young_ones_stay(db: Session) -> None:
    """Red when what a limit still counts is dropped"""
    _sent(db)
    assert codes.sweep(db, now=NOW + timedelta(hours=23)) == 0
    assert codes.sweep(db, now=NOW + timedelta(hours=24)) == 1
