"""Settings, staff and the audit trail at the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation import audit, tunables
from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.shop import the_shop
from members import codes, passwords
from members.models import Account
from portal import audit_trail
from portal.audit_sentences import SENTENCES
from tests.browsing import fresh, send, sign_in
from tests.making import NOW, make_staff

PASSWORD = "sesame-1234"
SHOP = {
    "name_zh": "店", "name_en": "", "club_name_zh": "会", "club_name_en": "Club",
    "address_zh": "路", "address_en": "", "footer_zh": "", "footer_en": "",
    "phone": "400-100-2000", "timezone": "Asia/Shanghai",
}  # fmt: skip


def _staff(app: Flask, client: FlaskClient, role: Role) -> Account:
    """A colleague in this role, signed in."""
    with fresh(app) as db:
        hashed = passwords.hash_password(PASSWORD, passwords.CHEAP)
        made = make_staff(db, role, name="陆怀真", password_hash=hashed)
        db.commit()
    sign_in(client, str(made.email), PASSWORD)
    return made


@pytest.fixture
def boss(app: Flask, client: FlaskClient) -> Account:
    return _staff(app, client, Role.ADMINISTRATOR)


def test_a_number_changes_with_its_history(app: Flask, client: FlaskClient, boss: Account) -> None:
    fields = {"key": codes.MINUTES.key, "value": "10"}
    assert send(client, "/desk/settings/numbers", "/desk/settings", **fields).status_code == 303
    with fresh(app) as db:
        assert tunables.value(db, codes.MINUTES) == 10
        entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "tunable.change")).one()
    assert (entry.account_id, entry.details["was"], entry.details["set"]) == (boss.id, 15, 10)
    assert "陆怀真" in client.get("/desk/settings").get_data(as_text=True)


@pytest.mark.parametrize("value", ["4", "61", "-5", "x", "", "1" * 30, "１０"])
def test_a_number_out_of_bounds_is_refused(
    app: Flask, client: FlaskClient, boss: Account, value: str
) -> None:
    fields = {"key": codes.MINUTES.key, "value": value}
    answer = send(client, "/desk/settings/numbers", "/desk/settings", **fields)
    with fresh(app) as db:
        kept = tunables.value(db, codes.MINUTES)
    assert (answer.status_code, kept) == ((303, 10) if value == "１０" else (422, 15))


def test_an_unknown_number_does_not_exist(client: FlaskClient, boss: Account) -> None:
    fields = {"key": "members.nothing", "value": "1"}
    assert send(client, "/desk/settings/numbers", "/desk/settings", **fields).status_code == 404


def test_the_shops_texts_show_on_the_next_page(
    app: Flask, client: FlaskClient, boss: Account
) -> None:
    fields = {**SHOP, "club_name_zh": "新的车主会"}
    assert send(client, "/desk/settings/shop", "/desk/settings", **fields).status_code == 303
    assert "新的车主会" in client.get("/join", follow_redirects=True).get_data(as_text=True)
    with fresh(app) as db:
        assert the_shop(db).name_en is None


@pytest.mark.parametrize(
    ("field", "text"), [("club_name_zh", " "), ("timezone", "Mars/Base"), ("phone", "call us")]
)
def test_a_text_that_cannot_be_leaves_all_as_it_was(
    app: Flask, client: FlaskClient, boss: Account, field: str, text: str
) -> None:
    """Red when the other texts are saved by halves"""
    fields = {**SHOP, "name_zh": "改了一半", field: text}
    assert send(client, "/desk/settings/shop", "/desk/settings", **fields).status_code == 422
    with fresh(app) as db:
        assert the_shop(db).name_zh != "改了一半"


@pytest.mark.parametrize("address", ["/desk/staff", "/desk/settings", "/desk/audit"])
def test_others_at_the_desk_stay_out(app: Flask, client: FlaskClient, address: str) -> None:
    """Red when the desk's door is enough"""
    _staff(app, client, Role.CLUB_MANAGER)
    assert client.get(address).status_code == 403


def test_staff_are_hired_on_the_page(app: Flask, client: FlaskClient, boss: Account) -> None:
    fields = {"name": "林晓", "phone": "13812345678", "roles": ["cashier", "marketing-specialist"]}
    assert send(client, "/desk/staff/new", **fields, email="", stand_in=boss.id).status_code == 303
    with fresh(app) as db:
        made = db.scalars(select(Account).where(Account.phone == "+8613812345678")).one()
        assert (made.stand_in_id, len(made.roles)) == (boss.id, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"phone": "12"}, {"email": "x"}, {"roles": []}, {"roles": ["king"]}, {"stand_in": "999999"}],
)
def test_a_wrong_colleague_comes_back_as_a_form(
    client: FlaskClient, boss: Account, wrong: dict[str, object]
) -> None:
    fields = {"name": "林晓", "phone": "13812345678", "email": "", "roles": ["cashier"]}
    answer = send(client, "/desk/staff/new", **{**fields, "stand_in": "", **wrong})
    assert answer.status_code == 422


def test_a_members_account_is_no_colleague(app: Flask, client: FlaskClient, boss: Account) -> None:
    """R60; red when any account can be edited by its number"""
    with fresh(app) as db:
        account = Account(name="李雷", phone="+8613812345678", created_at=NOW)
        db.add(account)
        db.commit()
    assert client.get(f"/desk/staff/{account.id}").status_code == 404


def test_every_sentence_of_the_trail_has_its_holes_filled(
    app: Flask, client: FlaskClient, boss: Account
) -> None:
    with fresh(app) as db:
        for act in (*SENTENCES, "a.new-act"):
            db.add(
                AuditEntry(
                    at=NOW, account_id=boss.id, act=act, thing_kind="thing", thing_id=7, details={}
                )
            )
        db.commit()
    page = client.get("/desk/audit").get_data(as_text=True)
    assert "%(" not in page
    assert "陆怀真：a.new-act" in page


def test_the_trail_says_codes_in_words(app: Flask, client: FlaskClient, boss: Account) -> None:
    """Red when a setting is told by its key or a referral's state as the database keeps it"""
    with fresh(app) as db:
        noted = {"by": boss.id, "now": NOW}
        audit.record(db, "referral.step", "referral", 7, state="taken-back", **noted)
        key = "members.staff_session_hours"
        audit.record(db, "tunable.change", "tunable", 0, key=key, was=12, set=8, **noted)
        db.commit()
    page = client.get("/desk/audit").get_data(as_text=True)
    assert "陆怀真将“员工保持登录”从 12 改为 8" in page
    assert "推荐 7 进入状态“已收回”" in page


def test_the_trail_pages_by_key(app: Flask, client: FlaskClient, boss: Account) -> None:
    """Red when the second page repeats the first"""
    with fresh(app) as db:
        for number in range(audit_trail.PAGE + 5):
            db.add(
                AuditEntry(
                    at=NOW, account_id=None, act="x", thing_kind="t", thing_id=number, details={}
                )
            )
        db.commit()
        first, older = audit_trail.lines(db)
        second, end = audit_trail.lines(db, before=older)
    assert (len(first), end) == (audit_trail.PAGE, None)
    assert {line.id for line in first}.isdisjoint(line.id for line in second)
