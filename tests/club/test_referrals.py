"""Who brings whom, what stands between them, and the points that follow the first order."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import jobs, ledger, referral_credit, referral_leads, referral_links, referrals
from club.models import Block, LedgerEntry, Referral, ReferralKind, ReferralState
from club.referrals import Brought, BroughtBefore
from foundation import tunables
from foundation.settings import Settings
from members.models import (
    ArchiveClaim,
    CompanyPerson,
    CompanyRole,
    Membership,
    Owner,
    OwnerKind,
    Ownership,
    PaidBy,
)
from tests import making
from tests.club import scene
from tests.club.scene import NOW, TODAY, days, moment
from tests.conftest import Sessions

REWARD = 500


def new_member(db: Session, **facts: object) -> Owner:
    made = making.make_owner(db, "李雷", **facts)
    db.add(Membership(owner=made, number=f"N{made.id}", joined_on=TODAY))
    db.flush()
    return made


def joined(db: Session, referrer: Owner, referred: Owner) -> Referral | None:
    return referrals.joined(db, referred.id, referrer.id, on=TODAY, by=None, now=NOW)


def run(db: Session, settings: Settings, day: date) -> None:
    """The daily job of a shop day."""
    jobs.credit_referrals(db, settings, moment(day))


def pair(db: Session) -> tuple[Owner, Owner, Referral]:
    referrer, referred = making.make_member(db), new_member(db)
    made = joined(db, referrer, referred)
    assert made is not None
    return referrer, referred, made


def test_points_come_when_the_first_paid_order_has_stood(db: Session, settings: Settings) -> None:
    """Red when the days are not waited for, or nothing is given"""
    referrer, referred, made = pair(db)
    scene.buy(db, referred, TODAY + days(3), 100_00)
    run(db, settings, TODAY + days(16))
    before = ledger.balance(db, referrer.id)
    run(db, settings, TODAY + days(17))
    assert (before, ledger.balance(db, referrer.id)) == (0, REWARD)
    assert (made.state, made.points) == (ReferralState.CREDITED, REWARD)


def test_the_days_are_a_setting(db: Session, settings: Settings) -> None:
    referrer, referred, _made = pair(db)
    tunables.change(db, referral_credit.STANDS_DAYS, 3, by=None, now=NOW)
    scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(3))
    assert ledger.balance(db, referrer.id) == REWARD


@pytest.mark.parametrize("paid_by", [PaidBy.INSURANCE, PaidBy.WARRANTY, PaidBy.POINTS])
def test_what_the_owner_did_not_pay_brings_nothing(
    db: Session, settings: Settings, paid_by: PaidBy
) -> None:
    """R7; red when lines that are left out count as paid"""
    referrer, referred, _made = pair(db)
    scene.buy(db, referred, TODAY, 100_00, paid_by=paid_by)
    run(db, settings, TODAY + days(30))
    assert ledger.balance(db, referrer.id) == 0


def test_an_order_before_joining_brings_nothing(db: Session, settings: Settings) -> None:
    """Red without the comparison with the day it began"""
    referrer, referred, _made = pair(db)
    scene.buy(db, referred, TODAY - days(1), 100_00)
    run(db, settings, TODAY + days(30))
    assert ledger.balance(db, referrer.id) == 0


def test_a_refunded_order_brings_nothing_and_the_next_one_does(
    db: Session, settings: Settings
) -> None:
    """R5; red when orders count that have nothing left"""
    referrer, referred, made = pair(db)
    first = scene.buy(db, referred, TODAY, 100_00)
    scene.buy(db, referred, TODAY + days(2), -100_00, refund_of_id=first.id)
    second = scene.buy(db, referred, TODAY + days(10), 50_00)
    run(db, settings, TODAY + days(20))
    before = ledger.balance(db, referrer.id)
    run(db, settings, TODAY + days(24))
    assert (before, ledger.balance(db, referrer.id)) == (0, REWARD)
    assert made.order_id == second.order_id


def test_a_job_that_runs_twice_gives_once(
    db: Session, sessions: Sessions, settings: Settings
) -> None:
    """R3, R8; red when neither the state is compared in the update nor the cause is the same"""
    referrer, referred, made = pair(db)
    scene.buy(db, referred, TODAY, 100_00)
    day = TODAY + days(40)
    run(db, settings, day)
    db.commit()
    with sessions() as other:
        run(other, settings, day + days(1))
        again = referral_credit.credit(
            other,
            other.get_one(Referral, made.id),
            among=referral_credit.OPEN,
            order=None,
            today=day,
            by=None,
            now=moment(day),
        )
        other.commit()
        entries = other.scalars(select(LedgerEntry.points)).all()
    assert (again, [points for points in entries if points == REWARD]) == (False, [REWARD])
    assert referrer.id != referred.id


def test_a_later_refund_takes_the_points_back_once(db: Session, settings: Settings) -> None:
    """R5; red when credited referrals are not looked at again, or are taken back twice"""
    referrer, referred, made = pair(db)
    line = scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(14))
    scene.buy(db, referred, TODAY + days(20), -100_00, refund_of_id=line.id)
    run(db, settings, TODAY + days(21))
    run(db, settings, TODAY + days(22))
    assert (ledger.balance(db, referrer.id), made.state) == (0, ReferralState.TAKEN_BACK)


def test_another_order_after_a_refund_brings_the_points_again(
    db: Session, settings: Settings
) -> None:
    """Red when the second time has the cause of the first"""
    referrer, referred, made = pair(db)
    line = scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(14))
    scene.buy(db, referred, TODAY + days(20), -100_00, refund_of_id=line.id)
    run(db, settings, TODAY + days(21))
    scene.buy(db, referred, TODAY + days(30), 80_00)
    run(db, settings, TODAY + days(60))
    assert (ledger.balance(db, referrer.id), made.points) == (REWARD, REWARD)


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


def test_the_first_one_counts(db: Session) -> None:
    """Red when the second link is kept as well"""
    referrer, referred, made = pair(db)
    other = making.make_member(db, "周敏")
    assert joined(db, other, referred) is None
    kept = db.scalars(select(Referral)).one()
    assert (kept.id, kept.referrer_id) == (made.id, referrer.id)


def test_who_was_noted_at_the_desk_is_not_brought_again(db: Session) -> None:
    """Red when a number that was noted does not count as known"""
    first, second = making.make_member(db), making.make_member(db, "周敏")
    said = Brought(ReferralKind.CAR, "李雷", "+8613900001111")
    referrals.note(db, first.id, said, on=TODAY, by=None, now=NOW)
    with pytest.raises(BroughtBefore):
        referrals.note(db, second.id, said, on=TODAY, by=None, now=NOW)
    assert joined(db, second, new_member(db, phone=said.phone)) is None


def test_a_code_leads_to_who_is_in_the_club(db: Session) -> None:
    """Red when one who left still brings others, or a merged archive loses its link"""
    gone, kept = making.make_member(db), making.make_member(db, "周敏")
    code = referral_links.make_link(db, gone.id, now=NOW).code
    gone.merged_into_id = kept.id
    db.flush()
    assert referral_links.referrer_of(db, code.lower()) == kept.id
    db.get_one(Membership, kept.id).left_on = TODAY
    db.flush()
    assert referral_links.referrer_of(db, code) is None


def lead(db: Session, referrer: Owner, kind: ReferralKind = ReferralKind.CAR) -> Referral:
    said = Brought(kind, "韩梅梅", "+8613900002222")
    return referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW)


def moved(db: Session, one: Referral, state: ReferralState, day: date = TODAY) -> None:
    referral_leads.move(db, one, state, on=day, today=day, by=None, now=NOW)


def test_a_lead_brings_the_points_at_the_delivery(db: Session) -> None:
    """Red when an earlier step gives them"""
    referrer = making.make_member(db)
    one = lead(db, referrer)
    for state in (ReferralState.VISIT, ReferralState.ORDER):
        moved(db, one, state)
    before = ledger.balance(db, referrer.id)
    moved(db, one, ReferralState.CREDITED, TODAY + days(9))
    assert (before, ledger.balance(db, referrer.id)) == (0, REWARD)
    assert [step.state.value for step in one.steps] == ["lead", "visit", "order", "credited"]


def test_a_delivery_noted_by_mistake_is_taken_back(db: Session) -> None:
    """Red when a step back leaves the points"""
    referrer = making.make_member(db)
    one = lead(db, referrer)
    moved(db, one, ReferralState.CREDITED)
    moved(db, one, ReferralState.ORDER)
    once = ledger.balance(db, referrer.id)
    moved(db, one, ReferralState.CREDITED)
    assert (once, ledger.balance(db, referrer.id)) == (0, REWARD)


def test_a_lead_goes_only_where_ways_lead(db: Session) -> None:
    one = lead(db, making.make_member(db))
    moved(db, one, ReferralState.LOST)
    with pytest.raises(referral_leads.NoSuchWay):
        moved(db, one, ReferralState.CREDITED)
    with pytest.raises(referral_leads.NotThatDay):
        moved(db, one, ReferralState.LEAD, TODAY - days(1))


def test_a_lead_of_the_own_household_is_kept_with_its_reason(db: Session) -> None:
    """Red when the number alone is not compared"""
    referrer = making.make_member(db)
    said = Brought(ReferralKind.CAR, "王夫人", referrer.phone or "")
    making.make_owner(db, "王夫人", phone=referrer.phone)
    assert referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW).block is Block.PHONE


def test_a_customer_of_ours_is_no_first_order(db: Session) -> None:
    """Red when orders of before are not looked at"""
    known = making.make_owner(db, "韩梅梅", phone="+8613900002222")
    scene.buy(db, known, TODAY - days(90), 100_00)
    one = lead(db, making.make_member(db), ReferralKind.SERVICE)
    assert one.block is Block.CUSTOMER


def test_who_was_noted_by_number_is_found_when_they_come(db: Session, settings: Settings) -> None:
    """Red when the job does not look for the archive"""
    referrer = making.make_member(db)
    one = lead(db, referrer, ReferralKind.SERVICE)
    came = making.make_owner(db, "韩梅梅", phone=one.phone)
    scene.buy(db, came, TODAY + days(2), 100_00)
    run(db, settings, TODAY + days(30))
    assert (one.referred_id, ledger.balance(db, referrer.id)) == (came.id, REWARD)
