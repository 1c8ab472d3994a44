"""Writing voucher rules and rewards at the desk, and who may."""

import pytest
from flask import Flask
from sqlalchemy import select

from club.models import Reward, VoucherRule
from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.web.database import db, write
from tests import making
from tests.club import vouching
from tests.entering import at_desk

RULE = {"name": "轮胎", "brands": "北原， Norden", "at_least": "2", "from_on": "2026-01-01"}


@pytest.fixture
def kind_id(app: Flask) -> int:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        made = vouching.kind(db.session).id
        db.session.commit()
        return made


def test_a_rule_is_written_and_put_to_work(app: Flask, kind_id: int) -> None:
    """R67: red without the audit in keep or switch."""
    desk = at_desk(app)
    desk.post("/desk/vouchers/rules/new", data=RULE | {"kind_id": kind_id})
    with app.app_context():
        rule = db.session.scalars(select(VoucherRule)).one()
    assert (rule.brands, rule.at_least, rule.active) == (["北原", "Norden"], 2, False)
    desk.post(f"/desk/vouchers/rules/{rule.id}/switch", data={"on": "1"})
    with app.app_context():
        assert db.session.get_one(VoucherRule, rule.id).active
        acts = select(AuditEntry.act).where(AuditEntry.thing_kind == "voucher-rule")
        assert list(db.session.scalars(acts)) == ["voucher-rule.add", "voucher-rule.start"]


def test_a_rule_that_gave_is_read_only(app: Flask) -> None:
    with app.app_context():
        write()
        rule = vouching.tyre_rule(db.session)
        vouching.voucher(db.session, making.make_member(db.session), rule_id=rule.id)
        db.session.commit()
        there, sent = f"/desk/vouchers/rules/{rule.id}", RULE | {"kind_id": rule.kind_id}
    app.config["WTF_CSRF_ENABLED"] = False
    desk = at_desk(app)
    shown, answer = desk.get(there).text, desk.post(there, data=sent)
    assert ("请停用它，再新建一条" in shown, ">保存<" in shown, answer.status_code) == (
        True,
        False,
        422,
    )


@pytest.mark.parametrize(
    "wrong", [{"brands": " , "}, {"at_least": "0"}, {"name": ""}, {"until_on": "2025-12-31"}]
)
def test_a_rule_that_cannot_be_comes_back(app: Flask, kind_id: int, wrong: dict[str, str]) -> None:
    desk = at_desk(app)
    answer = desk.post("/desk/vouchers/rules/new", data=RULE | {"kind_id": kind_id} | wrong)
    assert answer.status_code == 422


def test_a_kind_stands_in_the_catalogue_once(app: Flask, kind_id: int) -> None:
    desk = at_desk(app)
    sent = {"kind_id": kind_id, "points": "800", "active": "1"}
    assert desk.post("/desk/vouchers/rewards", data=sent).status_code == 303
    assert desk.post("/desk/vouchers/rewards", data=sent).status_code == 422
    with app.app_context():
        assert [one.points for one in db.session.scalars(select(Reward))] == [800]


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.CASHIER, "/desk/vouchers/redeem", 200),
        (Role.CASHIER, "/desk/vouchers", 403),
        (Role.SERVICE_ADVISOR, "/desk/vouchers", 200),
        (Role.SERVICE_ADVISOR, "/desk/vouchers/rules", 403),
        (Role.MARKETING, "/desk/vouchers/rules", 200),
        (Role.MARKETING, "/desk/vouchers/redeem", 403),
    ],
)
def test_each_post_has_its_own_rights(
    app: Flask, kind_id: int, role: Role, path: str, status: int
) -> None:
    desk = at_desk(app, role)
    assert desk.get(path).status_code == status
