"""A blocked referral let through: with a reason, by two where it is much, never one's own."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from club import ledger, referral_clearing, referral_credit, referral_wishes
from club.adjusting import SECOND_PERSON_FROM, ReasonMissing, SecondPersonNeeded
from club.models import Block, Referral, ReferralClearing, ReferralKind, ReferralState
from club.referral_clearing import NotBlocked, NotToBeLetThrough
from foundation import tunables
from foundation.roles import Role
from foundation.settings import Settings
from foundation.web.database import db as session
from foundation.web.database import write
from members.models import Account, AccountRole
from tests import making
from tests.club import scene
from tests.club.bringing import joined, new_member, run
from tests.club.scene import NOW, TODAY, days
from tests.entering import at_desk


def blocked(db: Session) -> Referral:
    """Two who share an address."""
    referrer, referred = making.make_member(db, address="云湖路 1 号"), new_member(db)
    referred.address = referrer.address
    db.flush()
    made = joined(db, referrer, referred)
    assert made is not None
    assert made.block is Block.ADDRESS
    return made


def let(db: Session, one: Referral, by: int, reason: str = "邻居") -> ReferralClearing:
    return referral_clearing.let_through(db, one, reason=reason, today=TODAY, by=by, now=NOW)


def test_a_referral_let_through_brings_its_points_like_any_other(
    db: Session, settings: Settings
) -> None:
    """Red when credit() blocks it once more for the same reason"""
    one, manager = blocked(db), making.make_staff(db).id
    let(db, one, manager)
    assert (one.state, one.block) == (ReferralState.WAITING, None)
    assert referral_credit.reasons(db, one) == [(Block.ADDRESS, True)]
    assert one.referred is not None
    scene.buy(db, one.referred, TODAY, 100_00)
    run(db, settings, TODAY + days(15))
    assert ledger.balance(db, one.referrer_id) == 500
    with pytest.raises(NotBlocked):
        let(db, one, manager)


def test_another_reason_blocks_all_the_same(db: Session, settings: Settings) -> None:
    """Red when whatever was let through once is never blocked again"""
    one = blocked(db)
    let(db, one, making.make_staff(db).id)
    assert one.referred is not None
    one.referred.phone = one.referrer.phone
    scene.buy(db, one.referred, TODAY, 100_00)
    run(db, settings, TODAY + days(15))
    db.refresh(one)
    assert (one.state, one.block) == (ReferralState.BLOCKED, Block.PHONE)


def test_what_was_let_through_hides_no_other_reason(db: Session, settings: Settings) -> None:
    """Two who share an address, and later a number: each is let through by itself, all are shown.

    Red when only the first reason is looked at, or when a second lifting forgets the first.
    """
    one, manager = blocked(db), making.make_staff(db).id
    assert one.referred is not None
    one.referred.phone = one.referrer.phone
    db.flush()
    let(db, one, manager)
    shown = referral_credit.reasons(db, one)
    assert (one.state, one.block) == (ReferralState.BLOCKED, Block.PHONE)
    assert shown == [(Block.PHONE, False), (Block.ADDRESS, True)]
    let(db, one, manager)
    scene.buy(db, one.referred, TODAY, 100_00)
    run(db, settings, TODAY + days(15))
    assert (one.state, ledger.balance(db, one.referrer_id)) == (ReferralState.CREDITED, 500)


def test_staff_are_found_behind_what_was_let_through(db: Session, settings: Settings) -> None:
    """Red when a lifted reason ends the look"""
    one = blocked(db)
    let(db, one, making.make_staff(db).id)
    assert one.referred is not None
    login = db.scalars(select(Account).where(Account.owner_id == one.referrer_id)).one()
    login.roles.append(AccountRole(role=Role.CASHIER, shop_id=scene.shop(db).id))
    scene.buy(db, one.referred, TODAY, 100_00)
    run(db, settings, TODAY + days(15))
    db.refresh(one)
    assert (one.state, one.block) == (ReferralState.BLOCKED, Block.STAFF)


def test_much_needs_a_second_person(db: Session) -> None:
    """R12: red when who asked may confirm, or when it opens before"""
    one, asks, confirms = blocked(db), making.make_staff(db).id, making.make_staff(db).id
    limit = referral_credit.POINTS[ReferralKind.CLUB]
    tunables.change(db, limit, 1000, by=asks, now=NOW)
    wish = let(db, one, asks)
    assert one.state is ReferralState.BLOCKED
    with pytest.raises(NotBlocked):
        let(db, one, confirms)
    with pytest.raises(SecondPersonNeeded):
        referral_clearing.confirm(db, wish, today=TODAY, by=asks, now=NOW)
    referral_clearing.confirm(db, wish, today=TODAY, by=confirms, now=NOW)
    assert (one.state, wish.decided_by_id) == (ReferralState.WAITING, confirms)


def test_a_general_manager_is_the_second_person(app: Flask) -> None:
    """From the list of what waits to the referral, and agreed to there; red when the one who may
    agree may not open it."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        tunables.change(session.session, SECOND_PERSON_FROM, 100, by=None, now=NOW)
        one = blocked(session.session)
        let(session.session, one, making.make_staff(session.session).id)
        session.session.commit()
        number = one.id
    here = f"/desk/referrals/{number}"
    general = at_desk(app, Role.GENERAL_MANAGER)
    assert here in general.get("/desk/points").text
    assert f"{here}/clearing/confirm" in general.get(here).text
    assert general.post(f"{here}/clearing/confirm").status_code == 303
    with app.app_context():
        assert session.session.get_one(Referral, number).state is ReferralState.WAITING


def test_a_wish_that_is_refused_leaves_it_blocked(db: Session) -> None:
    one, asks = blocked(db), making.make_staff(db).id
    tunables.change(db, referral_credit.POINTS[ReferralKind.CLUB], 1000, by=asks, now=NOW)
    wish = let(db, one, asks)
    referral_clearing.refuse(db, wish, reason="同一家庭", today=TODAY, by=asks, now=NOW)
    assert (one.state, referral_wishes.waiting_for(db, one)) == (ReferralState.BLOCKED, None)
    assert let(db, one, asks).id != wish.id


def test_nobody_lets_through_their_own_or_themselves_or_without_a_reason(db: Session) -> None:
    """R12: red without the look at the reader's own owner"""
    one = blocked(db)
    login = db.scalars(select(Account.id).where(Account.owner_id == one.referrer_id)).one()
    assert db.scalars(select(AccountRole)).all() == []
    with pytest.raises(NotToBeLetThrough):
        let(db, one, login)
    with pytest.raises(ReasonMissing):
        let(db, one, making.make_staff(db).id, reason=" ")
    one.block = Block.SELF
    db.flush()
    with pytest.raises(NotToBeLetThrough):
        let(db, one, making.make_staff(db).id)


def test_each_kind_may_bring_points_of_its_own(db: Session) -> None:
    """Red when one setting answers for another kind"""
    tunables.change(db, referral_credit.POINTS[ReferralKind.CAR], 3000, by=None, now=NOW)
    points = [referral_credit.points_of(db, kind, on=TODAY) for kind in ReferralKind]
    assert dict(zip(ReferralKind, points, strict=True)) == {
        ReferralKind.CLUB: 500,
        ReferralKind.SERVICE: 500,
        ReferralKind.CAR: 3000,
    }
