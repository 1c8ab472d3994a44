"""Colleagues: roles, stand-ins, and what administrators cannot do to themselves."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from foundation.outbox import Letter
from foundation.roles import Permission, Role
from foundation.shop import the_shop
from members import staff_accounts
from members.account_details import ContactTaken
from members.models import Account
from members.staff_accounts import Colleague
from tests.making import NOW, make_member, make_staff

PHONE = "+8613812345678"


def _colleague(*roles: Role, phone: str | None = PHONE, email: str | None = None) -> Colleague:
    return Colleague("林晓", phone, email, frozenset(roles))


def _hire(db: Session, colleague: Colleague) -> Account:
    return staff_accounts.hire(db, colleague, shop_id=the_shop(db).id, by=None, now=NOW)


def _change(db: Session, account: Account, colleague: Colleague, by: int) -> None:
    shop = the_shop(db).id
    staff_accounts.change(db, account, colleague, shop_id=shop, by=by, now=NOW)


def test_a_colleague_holds_several_roles_and_gets_a_letter(db: Session) -> None:
    account = _hire(db, _colleague(Role.CARE_MANAGER, Role.MARKETING))
    db.commit()
    assert {Permission.EVENT_EDIT, Permission.MEMBER_EXPORT} <= account.permissions
    assert db.scalars(select(Letter.template)).all() == ["staff_welcome"]


def test_a_member_who_is_hired_stays_a_member(db: Session) -> None:
    owner = make_member(db, phone=PHONE)
    account = _hire(db, _colleague(Role.CASHIER))
    assert (account.owner_id, account.is_member, account.is_staff) == (owner.id, True, True)


def test_roles_change_and_the_trail_tells_from_what_to_what(db: Session) -> None:
    """R67; red when the roles before are left out"""
    boss, account = make_staff(db, Role.ADMINISTRATOR), _hire(db, _colleague(Role.CASHIER))
    _change(db, account, _colleague(Role.MARKETING), boss.id)
    entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "staff.change")).one()
    assert entry.details == {"was": ["cashier"], "set": ["marketing-specialist"]}
    assert [held.role for held in account.roles] == [Role.MARKETING]


def test_administrators_keep_their_own_right(db: Session) -> None:
    """Red without the check: a club could be left without an administrator"""
    boss = make_staff(db, Role.ADMINISTRATOR)
    with pytest.raises(staff_accounts.OwnRights):
        _change(db, boss, _colleague(Role.CASHIER, phone=boss.phone), boss.id)
    with pytest.raises(staff_accounts.OwnRights):
        staff_accounts.close(db, boss, by=boss.id, now=NOW)


def test_a_closed_account_is_out_at_once(db: Session) -> None:
    """Red when the sessions live on"""
    boss, account = make_staff(db, Role.ADMINISTRATOR), _hire(db, _colleague(Role.CASHIER))
    before = account.get_id()
    staff_accounts.close(db, account, by=boss.id, now=NOW)
    assert (account.active, account.get_id() == before) == (False, False)


def test_two_colleagues_do_not_share_a_contact(db: Session) -> None:
    boss, account = make_staff(db, Role.ADMINISTRATOR), _hire(db, _colleague(Role.CASHIER))
    with pytest.raises(ContactTaken):
        _change(db, account, _colleague(Role.CASHIER, phone=boss.phone), boss.id)


def test_nobody_stands_in_for_themselves(db: Session) -> None:
    boss, account = make_staff(db, Role.ADMINISTRATOR), _hire(db, _colleague(Role.CASHIER))
    own = Colleague("林晓", PHONE, None, frozenset({Role.CASHIER}), stand_in_id=account.id)
    with pytest.raises(staff_accounts.NoStandIn):
        _change(db, account, own, boss.id)


@pytest.mark.parametrize(
    ("colleague", "refusal"),
    [
        (_colleague(), staff_accounts.RoleMissing),
        (_colleague(Role.CASHIER, phone=None), staff_accounts.ContactMissing),
    ],
)
def test_an_incomplete_colleague_is_refused(
    db: Session, colleague: Colleague, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        _hire(db, colleague)
