"""The pages at the door: in by password, by code, out again, a new password."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from foundation import clock, tunables
from foundation.roles import Role
from members import passwords
from members.models import Account, AccountRole
from tests.browsing import codes_posted, fresh, newest_code, send, sign_in
from tests.making import make_account, make_member, make_staff

PHONE, PASSWORD = "13812345678", "sesame-1234"


@pytest.fixture
def account(app: Flask) -> Account:
    """A member with a password."""
    with fresh(app) as db:
        owner = make_member(db, login=False, phone=f"+86{PHONE}", email="li@example.com")
        hashed = passwords.hash_password(PASSWORD, passwords.CHEAP)
        made = make_account(db, owner, password_hash=hashed)
        db.commit()
        return made


def test_a_member_lands_where_they_wanted_to_go(client: FlaskClient, account: Account) -> None:
    wanted = client.get("/me/account")
    assert wanted.location == "/sign-in?next=%2Fme%2Faccount"
    fields = {"email": PHONE, "password": PASSWORD, "next": "/me/account"}
    answer = send(client, "/sign-in", wanted.location, **fields)
    assert (answer.status_code, answer.location) == (303, "/me/account")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_next_never_leads_to_another_site(
    client: FlaskClient, account: Account, target: str
) -> None:
    """Red when next is followed as it comes"""
    answer = send(client, "/sign-in", email=PHONE, password=PASSWORD, next=target)
    assert answer.location == "/me"


def test_staff_land_at_the_desk(app: Flask, client: FlaskClient) -> None:
    with fresh(app) as db:
        hashed = passwords.hash_password(PASSWORD, passwords.CHEAP)
        make_staff(db, Role.CASHIER, phone=f"+86{PHONE}", password_hash=hashed)
        db.commit()
    assert sign_in(client, PHONE, PASSWORD).location == "/desk"


@pytest.mark.parametrize("login", [PHONE, "13999999999", "nobody@example.com", "<script>"])
def test_known_and_unknown_get_the_same_no(app: Flask, account: Account, login: str) -> None:
    """Red when an unknown login is answered otherwise"""
    answer = sign_in(app.test_client(), login, "wrong")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "手机号、邮箱或密码不正确" in page
    assert "<script>" not in page.replace(' value="<script>"', "")


def test_a_code_passes_the_pause(app: Flask, client: FlaskClient, account: Account) -> None:
    """Red when a code is refused after wrong passwords"""
    for _wrong in range(6):
        page = sign_in(client, PHONE, "wrong").get_data(as_text=True)
    assert "密码错误次数过多" in page
    assert sign_in(client, PHONE, PASSWORD).status_code == 422
    send(client, "/sign-in/code", email=PHONE)
    answer = send(client, "/sign-in/code/confirm", code=newest_code(app))
    assert (answer.status_code, answer.location) == (303, "/me")


@pytest.mark.parametrize(
    ("way", "new"), [("/sign-in/code", PASSWORD), ("/reset-password", "a-new-sesame")]
)
def test_a_proven_code_ends_the_pause(
    app: Flask, client: FlaskClient, account: Account, way: str, new: str
) -> None:
    """Red when the wrong passwords before the code still count after it"""
    for _wrong in range(6):
        sign_in(client, PHONE, "wrong")
    send(client, way, email=PHONE)
    fields = {"code": newest_code(app), "password": new}
    assert send(client, f"{way}/confirm", **fields).status_code == 303
    assert sign_in(app.test_client(), PHONE, new).status_code == 303


def test_asking_for_a_code_tells_nothing(app: Flask, account: Account) -> None:
    """Red when an unknown contact gets another answer"""
    answers = []
    for phone in (PHONE, "13812349678"):
        client = app.test_client()
        first = send(client, "/sign-in/code", email=phone)
        page = client.get(first.location).get_data(as_text=True)
        answers.append((first.status_code, first.location, "138****" in page))
    assert answers[0] == answers[1] == (303, "/sign-in/code/confirm", True)
    assert codes_posted(app) == 1


def test_a_reset_puts_the_new_password_in_force_and_ends_sessions(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the session version stays"""
    elsewhere = app.test_client()
    sign_in(elsewhere, PHONE, PASSWORD)
    send(client, "/reset-password", email=PHONE)
    fields = {"code": newest_code(app), "password": "a-new-sesame"}
    assert send(client, "/reset-password/confirm", **fields).status_code == 303
    assert elsewhere.get("/me/account").status_code == 303
    assert client.get("/me/account").status_code == 200
    assert sign_in(app.test_client(), PHONE, PASSWORD).status_code == 422
    assert sign_in(app.test_client(), PHONE, "a-new-sesame").status_code == 303


def test_a_code_for_signing_in_resets_no_password(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the purpose is not part of the proof"""
    send(client, "/reset-password", email=PHONE)
    send(app.test_client(), "/sign-in/code", email=PHONE)
    fields = {"code": newest_code(app), "password": "a-new-sesame"}
    assert send(client, "/reset-password/confirm", **fields).status_code == 422


def test_signing_out_needs_a_post(client: FlaskClient, account: Account) -> None:
    sign_in(client, PHONE, PASSWORD)
    assert client.get("/sign-out").status_code == 200
    assert client.get("/me/account").status_code == 200
    send(client, "/sign-out")
    assert client.get("/me/account").status_code == 303


def test_forms_at_the_door_want_their_token(client: FlaskClient, account: Account) -> None:
    fields = {"email": PHONE, "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 400


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 303)])
def test_an_owner_stays_signed_in_for_thirty_days(
    client: FlaskClient, account: Account, days: int, status: int
) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client, PHONE, PASSWORD)
        time.shift(timedelta(days=days))
        assert client.get("/me/account").status_code == status


@pytest.mark.parametrize(("after", "status"), [(-1, 200), (1, 303)])
@pytest.mark.parametrize("key", ["members.owner_session_days", "members.staff_session_hours"])
def test_sessions_last_as_long_as_the_settings_say(
    app: Flask, client: FlaskClient, account: Account, key: str, after: int, status: int
) -> None:
    """Red when the page asks for the default; the length is that of the moment of signing in."""
    for_staff = key == "members.staff_session_hours"
    with fresh(app) as db:
        if for_staff:
            db.add(AccountRole(account_id=account.id, role=Role.CLUB_MANAGER, shop_id=1))
        tunables.change(db, tunables.DECLARED[key], 3, by=None, now=clock.now())
        db.commit()
    with time_machine.travel(clock.now(), tick=False) as time:
        sign_in(client, PHONE, PASSWORD)
        time.shift(timedelta(hours=3 if for_staff else 72, seconds=after))
        assert client.get("/me/account").status_code == status


def test_many_wrong_passwords_from_one_address_are_slowed_down(
    app: Flask, account: Account
) -> None:
    """Red without the limit by address; right passwords are not counted"""
    client = app.test_client()
    statuses = [sign_in(client, f"139000000{n:02d}", "wrong").status_code for n in range(31)]
    assert statuses == [422] * 30 + [429]
