"""Joining: from a proven number to a member, and to an archive only by proof."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from foundation.outbox import Channel
from members.contacts import read_contact
from members.matching import Archive, Sight
from members.memberships import check_digit
from members.models import Account, Membership, Owner, Ownership, Vehicle
from members.reaching import reader_of
from portal import joining
from portal.joining import Applicant
from portal.joining_cars import Car, read_car
from tests.conftest import Sessions
from tests.making import NOW, make_member, make_owner, make_staff, make_vehicle

PHONE = "+8613812345678"
TODAY = date(2026, 3, 2)


def _join(db: Session, car: Car | None = None, contact: str = PHONE) -> joining.Joined:
    email = "li@example.com"
    applicant = Applicant(name="李雷", phone=PHONE, email=email, car=car, language="zh-Hans")
    return joining.join(db, applicant, read_contact(contact), on=TODAY, now=NOW)


def test_a_stranger_becomes_a_member(db: Session, sessions: Sessions) -> None:
    made = _join(db, Car(plate="粤B12345"))
    db.commit()
    with sessions() as again:
        account = again.get_one(Account, made.account.id)
        assert (account.name, account.phone, account.email) == ("李雷", PHONE, None)
        assert account.is_member
        plate = select(Vehicle.plate).join(Ownership).where(Ownership.owner_id == account.owner_id)
        assert again.scalar(plate) == "粤B12345"


def test_a_membership_number_has_a_check_digit(db: Session) -> None:
    number = db.get_one(Membership, _join(db).account.owner_id).number
    assert (number[0], len(number)) == ("M", 8)
    assert int(number[-1]) == check_digit(number[1:-1])


def test_joining_is_written_down_in_the_same_transaction(db: Session, sessions: Sessions) -> None:
    """R67; red when the entry is left out or committed by itself"""
    _join(db)
    db.rollback()
    with sessions() as again:
        assert again.scalars(select(AuditEntry.act)).all() == []
    _join(db)
    db.commit()
    with sessions() as again:
        acts = set(again.scalars(select(AuditEntry.act)))
        assert acts == {"member.join", "membership.begin"}


def test_one_archive_with_the_proven_number_is_tied(db: Session) -> None:
    archive = make_owner(db, "李建国", phone=PHONE)
    made = _join(db)
    assert (made.account.owner_id, archive.name) == (archive.id, "李建国")
    assert archive.email is None


def test_two_archives_with_one_number_are_left_alone(db: Session) -> None:
    """R49; red when the first of two is taken"""
    archives = {make_owner(db, phone=PHONE).id, make_owner(db, phone=PHONE).id}
    assert _join(db).account.owner_id not in archives


def test_a_number_that_was_only_typed_ties_nothing(db: Session) -> None:
    """Red when the archive is looked for by the typed number instead of the proven address"""
    archive = make_owner(db, phone=PHONE)
    made = _join(db, contact="li@example.com")
    assert made.account.owner_id != archive.id
    assert (made.account.phone, made.account.email) == (None, "li@example.com")


def test_a_number_that_was_only_typed_matches_no_order(db: Session, sessions: Sessions) -> None:
    """R49; red when the number goes on the owner before its proof"""
    made = _join(db, contact="li@example.com")
    sight = Sight(customer_id="C7", name="李雷", phone=PHONE)
    archive = Archive(db, "dms", [sight])
    stranger = archive.match(sight, now=NOW).owner
    archive.flush()
    db.commit()
    with sessions() as again:
        account = again.get_one(Account, made.account.id)
        assert account.owner is not None
        assert (account.owner.phone, account.given_phone) == (None, PHONE)
        assert stranger.id != account.owner_id


def test_the_proven_number_is_kept_apart_from_nothing(db: Session) -> None:
    """Red when every joining leaves a number to prove"""
    account = _join(db).account
    assert account.owner is not None
    assert (account.owner.phone, account.given_phone) == (PHONE, None)


def test_an_address_that_was_only_typed_gets_no_letter(db: Session, sessions: Sessions) -> None:
    """Red when the address goes on the owner before its proof: a stranger would get the letters"""
    made = _join(db)
    db.commit()
    with sessions() as again:
        account = again.get_one(Account, made.account.id)
        assert account.owner is not None
        assert (account.owner.email, account.given_email) == (None, "li@example.com")
        reader = reader_of(account.owner)
        assert (reader.channel, reader.address) == (Channel.TEXT, PHONE)


def test_a_proven_address_is_written_to(db: Session) -> None:
    """Red when every joining leaves an address to prove"""
    account = _join(db, contact="li@example.com").account
    assert account.owner is not None
    assert (account.owner.email, account.given_email) == ("li@example.com", None)
    assert reader_of(account.owner).address == "li@example.com"


def test_a_plate_from_the_street_ties_nothing(db: Session) -> None:
    """Red when naming a car is enough to have it"""
    archive = make_owner(db, "车主")
    vehicle = make_vehicle(db, archive, plate="粤B66666")
    made = _join(db, Car(plate="粤B66666"))
    assert made.archive == archive
    owners = select(Ownership.owner_id).where(Ownership.vehicle_id == vehicle.id)
    assert db.scalars(owners).all() == [archive.id]


def test_joining_twice_is_one_member(db: Session) -> None:
    first, second = _join(db), _join(db)
    assert (first.new, second.new) == (True, False)
    assert first.account.id == second.account.id


def test_a_member_elsewhere_keeps_what_they_have(db: Session) -> None:
    """Red when joining again writes over the name or the car"""
    owner = make_member(db, "原名", phone=PHONE)
    made = _join(db, Car(plate="粤B12345"))
    assert (made.new, made.account.owner_id, owner.name) == (False, owner.id, "原名")
    assert db.scalar(select(func.count()).select_from(Ownership)) == 0


def test_staff_who_join_keep_their_login(db: Session) -> None:
    staff = make_staff(db, phone=PHONE)
    made = _join(db)
    assert (made.account.id, made.account.is_staff, made.account.is_member) == (
        staff.id,
        True,
        True,
    )


def test_a_closed_account_does_not_join_again(db: Session) -> None:
    """Red when the closed account is found or a second one is made"""
    make_staff(db, phone=PHONE).active = False
    db.flush()
    with pytest.raises(joining.AccountClosed):
        _join(db)


def test_two_joins_at_once_make_one_account(sessions: Sessions) -> None:
    """Red without the unique number: both come in; without its polite answer: one breaks"""
    ready, made, broken = threading.Barrier(2), [], []

    def _come() -> None:
        with sessions() as db:
            ready.wait()
            try:
                made.append(_join(db, Car(plate="粤B12345")).account.id)
                db.commit()
            except Exception as error:
                broken.append(error)

    threads = [threading.Thread(target=_come) for _one in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with sessions() as db:
        counts = [db.scalar(select(func.count()).select_from(t)) for t in (Account, Owner)]
    assert (broken, len(set(made)), counts) == ([], 1, [1, 1])


@pytest.mark.parametrize(
    ("typed", "car"),
    [
        ("", None),
        ("  粤b·12345 ", Car(plate="粤B12345")),
        ("lsgpc52u66f123456", Car(vin="LSGPC52U66F123456")),
    ],
)
def test_plate_or_vin_is_read_from_one_field(typed: str, car: Car | None) -> None:
    assert read_car(typed) == car
