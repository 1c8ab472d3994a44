"""Who brings whom, what stands between them, and the points that follow the first order."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import ledger, referral_credit, referral_due, referral_links, referrals
from club.models import LedgerEntry, Referral, ReferralKind, ReferralState
from club.referrals import Brought, BroughtBefore
from foundation import tunables
from foundation.settings import Settings
from members.models import (
    Membership,
    PaidBy,
)
from tests import making
from tests.club import scene
from tests.club.bringing import REWARD, joined, new_member, pair, run
from tests.club.scene import NOW, TODAY, days, moment
from tests.conftest import Sessions


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
            among=referral_due.OPEN,
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
    assert made.points == 0


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
