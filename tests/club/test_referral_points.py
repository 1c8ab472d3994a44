"""Points of referrals: a car's after its delivery, many by two, and back when it comes back."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import (
    checking,
    ledger,
    referral_clearing,
    referral_credit,
    referral_leads,
    referral_wishes,
    referrals,
)
from club.adjusting import SecondPersonNeeded
from club.models import EntryKind, LedgerEntry, Referral, ReferralKind, ReferralState
from club.referral_clearing import NothingDue
from club.referral_leads import WaitsForColleague
from club.referrals import Brought
from foundation import tunables
from foundation.settings import Settings
from members.models import OrderKind, OrderLine, Owner
from tests import making
from tests.club import scene
from tests.club.bringing import REWARD, pair, run
from tests.club.scene import NOW, TODAY, days

NUMBER = "+8613900002222"
MANY = 2_000


def car_lead(db: Session, referrer: Owner, *states: ReferralState) -> Referral:
    """A lead for a car, moved through these states today."""
    said = Brought(ReferralKind.CAR, "韩梅梅", NUMBER)
    made = referrals.note(db, referrer.id, said, on=TODAY, by=None, now=NOW)
    for state in states:
        move(db, made, state)
    return made


def move(db: Session, one: Referral, state: ReferralState, by: int | None = None) -> None:
    referral_leads.move(db, one, state, on=TODAY, today=TODAY, by=by, now=NOW)


def deliver(db: Session, who: Owner, after: int = 5) -> OrderLine:
    """A file tells of the hand-over of a car, settled as imports do."""
    return scene.buy(db, who, TODAY + days(after), 200_000_00, kind=OrderKind.DELIVERY)


def many(db: Session, kind: ReferralKind) -> None:
    tunables.change(db, referral_credit.POINTS[kind], MANY, by=None, now=NOW)


def confirm(db: Session, one: Referral, by: int, after: int = 0) -> None:
    wish = referral_wishes.waiting_for(db, one)
    assert wish is not None
    referral_clearing.confirm(db, wish, today=TODAY + days(after), by=by, now=NOW)


def test_a_delivery_in_a_file_brings_the_points_and_takes_them_along(
    db: Session, settings: Settings
) -> None:
    """Section 10: the work at the shop brings nothing, the delivery does, once, and a car that
    comes back takes it back. Red without the kind in delivers, without its refunds."""
    referrer = making.make_member(db)
    one = car_lead(db, referrer, ReferralState.VISIT)
    came = making.make_owner(db, "韩梅梅", phone=NUMBER)
    scene.buy(db, came, TODAY + days(1), 900_00)
    run(db, settings, TODAY + days(30))
    found = [ledger.balance(db, referrer.id)]
    car = deliver(db, came)
    for day in (31, 32):
        run(db, settings, TODAY + days(day))
    found.append(ledger.balance(db, referrer.id))
    assert (one.state, one.order_id) == (ReferralState.CREDITED, car.order_id)
    scene.buy(db, came, TODAY + days(40), -200_000_00, refund_of_id=car.id)
    for day in (41, 42):
        run(db, settings, TODAY + days(day))
    found.append(ledger.balance(db, referrer.id))
    assert (found, one.state) == ([0, REWARD, 0], ReferralState.ORDER)


def test_a_delivery_noted_by_hand_learns_its_order(db: Session, settings: Settings) -> None:
    """Red when only leads are looked at: a car that came back would keep its points"""
    referrer = making.make_member(db)
    one = car_lead(db, referrer, ReferralState.VISIT, ReferralState.ORDER, ReferralState.CREDITED)
    came = making.make_owner(db, "韩梅梅", phone=NUMBER)
    car = deliver(db, came)
    run(db, settings, TODAY + days(6))
    assert (one.order_id, ledger.balance(db, referrer.id)) == (car.order_id, REWARD)


def test_an_earlier_car_is_not_the_one(db: Session, settings: Settings) -> None:
    """Red without the day it began in either query"""
    referrer = making.make_member(db)
    came = making.make_owner(db, "韩梅梅", phone=NUMBER)
    deliver(db, came, after=-300)
    one = car_lead(db, referrer)
    run(db, settings, TODAY + days(3))
    before = (one.state, ledger.balance(db, referrer.id))
    newer = deliver(db, came)
    run(db, settings, TODAY + days(6))
    assert (before, one.order_id) == ((ReferralState.LEAD, 0), newer.order_id)


def test_many_points_noted_by_hand_wait_for_a_second_person(db: Session) -> None:
    """R12: red when who noted the delivery may confirm, or when the points come before"""
    many(db, ReferralKind.CAR)
    referrer = making.make_member(db)
    asks, agrees = making.make_staff(db).id, making.make_staff(db).id
    one = car_lead(db, referrer, ReferralState.VISIT, ReferralState.ORDER)
    move(db, one, ReferralState.CREDITED, asks)
    before = (one.state, ledger.balance(db, referrer.id))
    with pytest.raises(WaitsForColleague):
        move(db, one, ReferralState.VISIT, asks)
    with pytest.raises(SecondPersonNeeded):
        confirm(db, one, asks)
    confirm(db, one, agrees)
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.BONUS)).one()
    assert (before, one.state) == ((ReferralState.ORDER, 0), ReferralState.CREDITED)
    assert (entry.points, entry.account_id, entry.second_account_id) == (MANY, asks, agrees)
    assert list(checking.differences(db)) == []


def test_many_points_of_a_first_order_wait_as_well(db: Session, settings: Settings) -> None:
    """R12, R3: the job asks once, however often it runs; who agrees gives what was shown.

    Red when the job gives them, or when the setting of today counts.
    """
    many(db, ReferralKind.CLUB)
    referrer, referred, one = pair(db)
    scene.buy(db, referred, TODAY, 100_00)
    for day in (14, 15):
        run(db, settings, TODAY + days(day))
    before = ledger.balance(db, referrer.id)
    tunables.change(db, referral_credit.POINTS[ReferralKind.CLUB], 9_000, by=None, now=NOW)
    confirm(db, one, making.make_staff(db).id, after=15)
    run(db, settings, TODAY + days(16))
    assert (before, ledger.balance(db, referrer.id)) == (0, MANY)


def test_points_whose_order_came_back_are_not_agreed_to(db: Session, settings: Settings) -> None:
    """R5; red when confirm does not look at the order again"""
    many(db, ReferralKind.CLUB)
    referrer, referred, one = pair(db)
    line = scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(14))
    scene.buy(db, referred, TODAY + days(15), -100_00, refund_of_id=line.id)
    with pytest.raises(NothingDue):
        confirm(db, one, making.make_staff(db).id, after=16)
    assert ledger.balance(db, referrer.id) == 0


def test_points_that_are_refused_are_not_asked_for_again(db: Session, settings: Settings) -> None:
    """Red when the referral stays open for the job"""
    many(db, ReferralKind.CLUB)
    referrer, referred, one = pair(db)
    scene.buy(db, referred, TODAY, 100_00)
    run(db, settings, TODAY + days(14))
    wish = referral_wishes.waiting_for(db, one)
    assert wish is not None
    by = making.make_staff(db).id
    referral_clearing.refuse(db, wish, reason="同一家庭", today=TODAY, by=by, now=NOW)
    run(db, settings, TODAY + days(15))
    found = (referral_wishes.waiting_for(db, one), ledger.balance(db, referrer.id))
    assert (one.state, *found) == (ReferralState.LOST, None, 0)
