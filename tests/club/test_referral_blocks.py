"""Who cannot bring whom, and what staff read about it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from club import ledger
from club.models import Block, ReferralState
from foundation.settings import Settings
from members.models import (
    ArchiveClaim,
    CompanyPerson,
    CompanyRole,
    Membership,
    Owner,
    OwnerKind,
    Ownership,
)
from tests import making
from tests.club import scene
from tests.club.bringing import joined, new_member, pair, run
from tests.club.scene import NOW, TODAY, days


def _same_phone(db: Session, referrer: Owner, referred: Owner) -> None:
    making.make_account(db, referred, phone=None, given_phone=referrer.phone)


def _same_address(db: Session, referrer: Owner, referred: Owner) -> None:
    referrer.address, referred.address = "深圳市 南山区云湖路１号", "深圳市南山区云湖路1号。"


def _same_car(db: Session, referrer: Owner, referred: Owner) -> None:
    sold = making.make_vehicle(db, referrer)
    db.add(Ownership(owner_id=referred.id, vehicle_id=sold.id))


def _claimed_car(db: Session, referrer: Owner, referred: Owner) -> None:
    db.add(ArchiveClaim(owner_id=referred.id, archive_id=referrer.id, made_at=NOW))


def _same_company(db: Session, referrer: Owner, referred: Owner) -> None:
    company = making.make_owner(db, "云湖贸易", kind=OwnerKind.COMPANY)
    for person in (referrer, referred):
        db.add(CompanyPerson(company_id=company.id, person_id=person.id, role=CompanyRole.DRIVER))


def _own_company(db: Session, referrer: Owner, referred: Owner) -> None:
    db.add(CompanyPerson(company_id=referrer.id, person_id=referred.id, role=CompanyRole.DRIVER))


def _works_here(db: Session, referrer: Owner, referred: Owner) -> None:
    making.make_staff(db, owner=referred)


def _was_member(db: Session, referrer: Owner, referred: Owner) -> None:
    db.get_one(Membership, referred.id).joined_on = TODAY - days(400)


BLOCKS: dict[Block, list[Callable[[Session, Owner, Owner], None]]] = {
    Block.PHONE: [_same_phone],
    Block.ADDRESS: [_same_address],
    Block.CAR: [_same_car, _claimed_car],
    Block.COMPANY: [_same_company, _own_company],
    Block.STAFF: [_works_here],
    Block.MEMBER: [_was_member],
}
WAYS = [(block, way) for block, ways in BLOCKS.items() for way in ways]


@pytest.mark.parametrize(("block", "way"), WAYS)
def test_who_cannot_bring_whom(
    db: Session, settings: Settings, block: Block, way: Callable[[Session, Owner, Owner], None]
) -> None:
    """Red for each when its own check is taken out"""
    referrer, referred = making.make_member(db), new_member(db)
    way(db, referrer, referred)
    db.flush()
    made = joined(db, referrer, referred)
    scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(30))
    assert made is not None
    assert (made.state, made.block) == (ReferralState.BLOCKED, block)
    assert ledger.balance(db, referrer.id) == 0


def test_two_who_share_nothing_are_no_household(db: Session) -> None:
    """Each has a number, an address, a car, a claim and a company of their own, beside a third
    who shares each with somebody else. Red when a check looks at one of the two alone."""
    referrer, referred, third = making.make_member(db), new_member(db), making.make_member(db)
    for place, who in enumerate((referrer, referred)):
        making.make_account(db, who, phone=None, given_phone=f"+8613800000{place:03d}")
        who.address = f"深圳市南山区云湖路{place}号"
        _same_car(db, who, third)
        _claimed_car(db, who, third)
        _same_company(db, who, third)
    db.flush()
    made = joined(db, referrer, referred)
    assert made is not None
    assert (made.state, made.block) == (ReferralState.WAITING, None)


def test_nobody_brings_themselves(db: Session) -> None:
    """Red without the comparison of the two"""
    referrer = new_member(db)
    made = joined(db, referrer, referrer)
    assert made is not None
    assert made.block is Block.SELF


def test_what_comes_to_light_later_blocks_as_well(db: Session, settings: Settings) -> None:
    """Red when the credit does not look again"""
    referrer, referred, made = pair(db)
    scene.buy(db, referred, TODAY, 100_00)
    _same_address(db, referrer, referred)
    run(db, settings, TODAY + days(30))
    assert (made.block, ledger.balance(db, referrer.id)) == (Block.ADDRESS, 0)
