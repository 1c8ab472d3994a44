"""Who was noted at the desk: leads that move by hand, and people who come later."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from club import ledger, referral_leads, referrals
from club.models import Block, Referral, ReferralKind, ReferralState
from club.referrals import Brought
from foundation.settings import Settings
from members.models import (
    Owner,
)
from tests import making
from tests.club import scene
from tests.club.bringing import REWARD, run
from tests.club.scene import NOW, TODAY, days


def lead(db: Session, referrer: Owner, kind: ReferralKind = ReferralKind.CAR) -> Referral:
    said = Brought(kind, "韩梅梅", "+8613900002222")
    return referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW)


def ordered(db: Session, referrer: Owner) -> Referral:
    """A lead that ordered its car."""
    one = lead(db, referrer)
    for state in (ReferralState.VISIT, ReferralState.ORDER):
        moved(db, one, state)
    return one


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
    one = ordered(db, referrer)
    moved(db, one, ReferralState.CREDITED)
    moved(db, one, ReferralState.ORDER)
    once = ledger.balance(db, referrer.id)
    moved(db, one, ReferralState.CREDITED)
    assert (once, ledger.balance(db, referrer.id)) == (0, REWARD)


def test_a_lead_goes_only_where_ways_lead(db: Session) -> None:
    one = lead(db, making.make_member(db))
    for early in (ReferralState.ORDER, ReferralState.CREDITED):
        with pytest.raises(referral_leads.NoSuchWay):
            moved(db, one, early)
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


def test_whoever_names_their_own_number_is_the_same_person(db: Session) -> None:
    """A household may be let through, the same person never; red when numbers are compared
    first."""
    referrer = making.make_member(db)
    said = Brought(ReferralKind.SERVICE, "王先生", referrer.phone or "")
    assert referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW).block is Block.SELF


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


def test_two_unknown_people_are_two_leads(db: Session) -> None:
    """Red when nobody known yet counts as the same nobody"""
    referrer = making.make_member(db)
    one = lead(db, referrer)
    said = Brought(ReferralKind.CAR, "沈一帆", "+8613900003333")
    other = referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW)
    assert (one.state, other.state) == (ReferralState.LEAD, ReferralState.LEAD)
