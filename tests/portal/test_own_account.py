"""One's own account: contacts by proof, sessions, consents, language."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from members import passwords
from members.models import Account
from outreach.models import Consent
from tests.browsing import fresh, newest_code, send, sign_in
from tests.making import make_account, make_member

PHONE, PASSWORD = "13812345678", "sesame-1234"


@pytest.fixture
def account(app: Flask, client: FlaskClient) -> Account:
    """A member, signed in."""
    with fresh(app) as db:
        owner = make_member(db, "李雷", login=False, phone=f"+86{PHONE}")
        hashed = passwords.hash_password(PASSWORD, passwords.CHEAP)
        made = make_account(db, owner, password_hash=hashed)
        db.commit()
    sign_in(client, PHONE, PASSWORD)
    return made


def _again(app: Flask, account: Account) -> Account:
    with fresh(app) as db:
        return db.get_one(Account, account.id)


def test_a_new_address_counts_when_its_code_came_back(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the address is taken before the code"""
    send(client, "/me/account/contact", email="Li@Example.com")
    assert _again(app, account).email is None
    send(client, "/me/account/contact/confirm", code=newest_code(app))
    assert _again(app, account).email == "li@example.com"


def test_the_number_given_at_joining_is_proven_here(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """R49: red when the number stays apart after its proof, or goes on the owner before it"""
    given = "+8613912340000"
    with fresh(app) as db:
        db.get_one(Account, account.id).given_phone = given
        db.commit()
    assert "139 1234 0000" in client.get("/me/account").get_data(as_text=True)
    send(client, "/me/account/contact", "/me/account", email=given)
    send(client, "/me/account/contact/confirm", code=newest_code(app))
    with fresh(app) as db:
        found = db.get_one(Account, account.id)
        assert found.owner is not None
        assert (found.phone, found.owner.phone, found.given_phone) == (given, given, None)


def test_the_address_given_at_joining_is_proven_here(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the address stays apart after its proof, or goes on the owner before it"""
    given = "li@example.com"
    with fresh(app) as db:
        db.get_one(Account, account.id).given_email = given
        db.commit()
    assert f'value="{given}"' in client.get("/me/account").get_data(as_text=True)
    send(client, "/me/account/contact", "/me/account", email=given)
    send(client, "/me/account/contact/confirm", code=newest_code(app))
    with fresh(app) as db:
        found = db.get_one(Account, account.id)
        assert found.owner is not None
        assert (found.email, found.owner.email, found.given_email) == (given, given, None)


def test_a_contact_of_another_member_is_not_taken(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    with fresh(app) as db:
        make_member(db, phone="+8613999999999")
        db.commit()
    send(client, "/me/account/contact", email="13999999999")
    answer = send(client, "/me/account/contact/confirm", code=newest_code(app))
    assert answer.status_code == 422
    assert _again(app, account).phone == f"+86{PHONE}"


def test_a_code_that_another_member_asked_for_is_of_no_use(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the proof is not bound to the account"""
    with fresh(app) as db:
        hashed = passwords.hash_password(PASSWORD, passwords.CHEAP)
        make_account(db, make_member(db, login=False, phone="+8613999999999"), password_hash=hashed)
        db.commit()
    send(client, "/me/account/contact", email="li@example.com")
    code = newest_code(app)
    other = app.test_client()
    sign_in(other, "13999999999", PASSWORD)
    send(other, "/me/account/contact", email="han@example.com")
    assert send(other, "/me/account/contact/confirm", code=code).status_code == 422


def test_out_everywhere_else_leaves_this_browser_in(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the session version stays"""
    elsewhere = app.test_client()
    sign_in(elsewhere, PHONE, PASSWORD)
    send(client, "/me/account/sessions", "/me/account")
    assert elsewhere.get("/me/account").status_code == 303
    assert client.get("/me/account").status_code == 200


def test_a_new_password_wants_the_old_one(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """Red when the old password is not compared"""
    url, new = "/me/account/password", "a-new-sesame"
    assert send(client, url, old_password="wrong", password=new).status_code == 422
    assert send(client, url, old_password=PASSWORD, password=new).status_code == 303
    assert sign_in(app.test_client(), PHONE, new).status_code == 303


def test_consent_is_taken_back_as_it_was_given_and_both_are_kept(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    """R64; red when an answer writes over the one before"""
    send(client, "/me/account/consents", "/me/account", topic=["offers", "newsletter"])
    send(client, "/me/account/consents", "/me/account", topic=["newsletter"])
    with fresh(app) as db:
        rows = db.scalars(select(Consent).where(Consent.topic == "offers").order_by(Consent.id))
        assert [row.given for row in rows] == [True, False]


def test_the_language_stays_with_the_account(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    send(client, "/language", "/me/account", language="en", next="/me/account")
    assert _again(app, account).language == "en"
    assert "<h1>My account</h1>" in client.get("/me/account").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/language/en", "/theme/dark"])
def test_a_switch_never_leads_to_another_site(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?next=//evil.example").location == "/"


def test_an_unknown_language_changes_nothing(
    app: Flask, client: FlaskClient, account: Account
) -> None:
    send(client, "/language", "/me/account", language="xx")
    assert _again(app, account).language == "zh-Hans"
    assert client.get("/language/xx").status_code == 404
