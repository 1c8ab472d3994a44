"""Points on screen: the member's statement, and the desk's adjusting, confirming, giving back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from club import jobs, ledger
from club.models import LedgerEntry, Lot, PointsAdjustment
from club.worth import POINTS_PER_YUAN
from foundation import clock, tunables
from foundation.outbox import Letter
from foundation.web.database import db, write
from foundation.web.letters import render
from members.models import Account, Owner
from tests import making
from tests.club import scene, set_rules
from tests.entering import visitor_of


@pytest.fixture
def people(app: Flask) -> tuple[int, int, int, int]:
    """A member's owner id, their account, and two people at the desk."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        owner: Owner = making.make_member(db.session, login=False)
        account: Account = making.make_account(db.session, owner)
        desk = [making.make_staff(db.session).id for _ in range(2)]
        scene.buy(db.session, owner, clock.now().date(), 100_00)
        db.session.commit()
        return owner.id, account.id, desk[0], desk[1]


def balance(app: Flask, owner_id: int) -> int:
    with app.app_context():
        return ledger.balance(db.session, owner_id)


def adjust(staff: FlaskClient, owner_id: int, points: str, way: str = "add") -> int:
    form = {"points": points, "way": way, "reason": "道歉", "request_id": points}
    return staff.post(f"/desk/members/{owner_id}/points", data=form).status_code


def test_a_member_reads_and_saves_the_statement(
    app: Flask, people: tuple[int, int, int, int]
) -> None:
    member = visitor_of(app, people[1])
    page = member.get("/me/points/lots")
    book = member.get("/me/points/statement.xlsx")
    assert page.status_code == member.get("/me/points").status_code == 200
    assert "剩余 100" in page.text
    assert book.data.startswith(b"PK")


def test_what_points_are_worth_is_a_setting(app: Flask, people: tuple[int, int, int, int]) -> None:
    """Red when page or letter names the number that the setting begins with, or a large number
    stands without its separator"""
    with app.app_context():
        write()
        who, now = db.session.get_one(Owner, people[0]), clock.now()
        tunables.change(db.session, POINTS_PER_YUAN, 250, by=None, now=now)
        scene.buy(db.session, who, now.date(), 1_106_00)
        for lot in db.session.scalars(select(Lot).where(Lot.owner_id == who.id)):
            lot.expires_on = now.date() + scene.days(5)
        jobs.tell_of_endings(db.session, app.extensions["club_settings"], now)
        ending = Letter.template == "club/points-ending"
        letter = db.session.scalars(select(Letter).where(ending)).one()
        text = render(letter).text
        db.session.commit()
    page = visitor_of(app, people[1]).get("/me/points").text
    assert "1,206 分" in text
    assert "250 积分在前台抵 ¥1" in text
    assert "250 积分抵 ¥1" in page


def test_the_desk_adjusts_and_a_second_person_confirms(
    app: Flask, people: tuple[int, int, int, int]
) -> None:
    """R12 by hand: 50 at once, 1,000 after the colleague's click, the own click refused."""
    owner_id, _account, one, two = people
    first, second = visitor_of(app, one), visitor_of(app, two)
    assert [adjust(first, owner_id, "50", "take"), adjust(first, owner_id, "1000")] == [303, 303]
    assert balance(app, owner_id) == 50
    with app.app_context():
        number = db.session.scalars(select(PointsAdjustment.id)).one()
    assert first.post(f"/desk/points/{number}/confirm").status_code == 422
    assert second.post(f"/desk/points/{number}/confirm").status_code == 303
    assert balance(app, owner_id) == 1_050
    assert second.get("/desk/points").status_code == 200


@pytest.mark.parametrize("points", ["", "0", "-5", "1.5", "99999999999"])
def test_what_is_no_number_of_points_is_refused(
    app: Flask, people: tuple[int, int, int, int], points: str
) -> None:
    owner_id, _account, one, _two = people
    assert adjust(visitor_of(app, one), owner_id, points) == 422
    assert balance(app, owner_id) == 100


def test_spent_points_are_given_back_once(app: Flask, people: tuple[int, int, int, int]) -> None:
    """R6 by hand; of another owner's address the entry does not exist."""
    owner_id, _account, one, _two = people
    with app.app_context():
        write()
        facts = {"cause_kind": "bill", "cause_id": "1", "by": None, "now": clock.now()}
        entry = ledger.spend(db.session, owner_id, 60, on=clock.now().date(), **facts)
        db.session.commit()
        number = entry.id
    staff = visitor_of(app, one)
    there = f"/desk/members/{owner_id}/points/{number}/undo"
    for _ in range(2):
        assert staff.post(there, data={"reason": "退单"}).status_code == 303
    assert staff.post(f"/desk/members/{owner_id + 1}/points/{number}/undo").status_code == 404
    page = staff.get(f"/desk/members/{owner_id}/points").text
    assert balance(app, owner_id) == 100
    assert re.search(r"已退回", page)
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id)).all()
    assert [kind.value for kind in kinds] == ["earn", "spend", "undo"]


def test_pages_name_the_months_of_the_rules_in_force(
    app: Flask, people: tuple[int, int, int, int]
) -> None:
    """Red when a page says the months that the first rules have."""
    with app.app_context():
        write()
        months = {"window_months": 18, "keep_months": 9, "points_live_months": 36}
        set_rules.version(db.session, clock.now().date() - scene.days(9), **months)
        db.session.commit()
    mine, front = visitor_of(app, people[1]).get("/me/points"), app.test_client().get("/")
    assert "18 个月内再消费" in mine.text
    assert "之后 18 个月的工单" in mine.text
    assert "积分有效期 36 个月" in mine.text
    assert "18 个月内的到店消费" in front.text
    assert "保留 9 个月" in front.text
