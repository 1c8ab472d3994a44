"""The join pages, as a phone without scripts meets them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from foundation.outbox import Draft, Letter, post
from members.models import Account, ArchiveClaim, OwnerInterest
from members.reaching import reader_of
from outreach.models import Consent, Topic
from tests.browsing import codes_posted, fresh, newest_code, send, sign_in
from tests.making import NOW, make_member, make_owner, make_vehicle

PHONE = "13812345678"


def _apply(client: FlaskClient, **fields: Any) -> TestResponse:
    given = {"name": "李雷", "phone": PHONE, "email": "", "plate": ""}
    return send(client, "/join", **{**given, **fields})


def _joined(app: Flask, client: FlaskClient, **fields: Any) -> TestResponse:
    _apply(client, **fields)
    return send(client, "/join/code", code=newest_code(app))


def test_the_whole_way_in(app: Flask, client: FlaskClient) -> None:
    assert _apply(client, email="Li@Example.com").location == "/join/code"
    answer = send(client, "/join/code", code=newest_code(app), password="sesame-1234")
    assert answer.location == "/join/interests"
    assert send(client, "/join/interests", interest=["1", "2"]).location == "/join/consents"
    assert send(client, "/join/consents", topic="newsletter").location == "/me"
    with fresh(app) as db:
        account = db.scalars(select(Account).where(Account.phone == f"+86{PHONE}")).one()
        chosen = select(OwnerInterest.interest_id).where(OwnerInterest.owner_id == account.owner_id)
        assert set(db.scalars(chosen)) == {1, 2}
        assert account.password_hash is not None


def test_who_joins_again_with_a_code_may_use_their_password_at_once(
    app: Flask, client: FlaskClient
) -> None:
    """Red when the wrong passwords before the code still count after it"""
    _apply(client)
    send(client, "/join/code", code=newest_code(app), password="sesame-1234")
    again = app.test_client()
    for _wrong in range(6):
        sign_in(again, PHONE, "wrong")
    assert sign_in(again, PHONE, "sesame-1234").status_code == 422
    _joined(app, again)
    assert sign_in(app.test_client(), PHONE, "sesame-1234").status_code == 303


def test_the_address_of_somebody_else_gets_nothing(app: Flask, client: FlaskClient) -> None:
    """Red when an address is written to that only was typed"""
    _joined(app, client, email="someone.else@example.com")
    with fresh(app) as db:
        account = db.scalars(select(Account).where(Account.phone == f"+86{PHONE}")).one()
        assert account.owner is not None
        post(db, "any", reader_of(account.owner), Draft("code", "test", 1), now=NOW)
        assert {one.address for one in db.scalars(select(Letter))} == {f"+86{PHONE}"}


def test_each_consent_is_withheld_unless_ticked_and_has_its_evidence(
    app: Flask, client: FlaskClient
) -> None:
    """R38; red when a box is ticked beforehand or an answer leaves no row"""
    _joined(app, client)
    page = client.get("/join/consents").get_data(as_text=True)
    assert "checked" not in page
    send(client, "/join/consents", topic="newsletter")
    with fresh(app) as db:
        rows = db.scalars(select(Consent)).all()
    assert {row.topic: row.given for row in rows} == {
        Topic.INVITATIONS: False,
        Topic.NEWSLETTER: True,
        Topic.OFFERS: False,
    }
    assert all(row.at and row.wording and row.source == "join" for row in rows)


def test_known_and_unknown_numbers_get_the_same_answer(app: Flask) -> None:
    """Red when a member's number is refused or told"""
    with fresh(app) as db:
        make_member(db, phone=f"+86{PHONE}")
        db.commit()
    answers = []
    for phone in (PHONE, "13812340678"):
        client = app.test_client()
        first = _apply(client, phone=phone)
        page = client.get(first.location).get_data(as_text=True)
        answers.append((first.status_code, first.location, len(page)))
    assert answers[0] == answers[1]
    assert codes_posted(app) == 2


def test_a_member_who_joins_again_is_just_signed_in(app: Flask, client: FlaskClient) -> None:
    with fresh(app) as db:
        make_member(db, phone=f"+86{PHONE}")
        db.commit()
    assert _joined(app, client).location == "/me"


def test_the_page_about_the_archive_is_the_same_for_any_car(app: Flask) -> None:
    """Red when a car that stands in an archive is answered otherwise"""
    with fresh(app) as db:
        make_vehicle(db, make_owner(db), plate="粤B66666")
        db.commit()
    pages = []
    for number, plate in (("13812340001", "粤B66666"), ("13812340002", "粤B77777")):
        client = app.test_client()
        answer = _joined(app, client, phone=number, plate=plate)
        page = client.get(answer.location).get_data(as_text=True)
        pages.append((answer.location, len(page)))
    assert pages[0] == pages[1]


def test_a_code_to_the_contact_on_file_is_the_proof(app: Flask, client: FlaskClient) -> None:
    with fresh(app) as db:
        archive = make_owner(db, "王建国", phone="+8613912345678")
        make_vehicle(db, archive, plate="粤B66666")
        db.commit()
    _joined(app, client, plate="粤B66666")
    wrong = send(client, "/join/archive", code="000000")
    assert wrong.status_code == 422
    assert send(client, "/join/archive", code=newest_code(app)).status_code == 303
    with fresh(app) as db:
        account = db.scalars(select(Account).where(Account.phone == f"+86{PHONE}")).one()
        assert (account.owner_id, account.is_member) == (archive.id, True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("phone", "010-12345678"),
        ("phone", "x" * 31),
        ("email", "not an address"),
        ("plate", "粤B1234O"),
        ("plate", "LSGPC52U66F12345I"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client: FlaskClient, field: str, typed: str) -> None:
    answer = _apply(client, **{field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page


@pytest.mark.parametrize("hostile", ["<b>x</b>", "{{ 7*7 }}", "a\r\nBcc: x@y.z", "𝒜'; --"])
def test_a_hostile_name_is_only_a_name(app: Flask, client: FlaskClient, hostile: str) -> None:
    """R45; red when a name is not escaped"""
    assert _joined(app, client, name=hostile).status_code == 303
    page = client.get("/me/account").get_data(as_text=True)
    assert "<b>x</b>" not in page
    assert "49" not in page.split('name="name"')[1].split(">")[0]


def test_a_wrong_code_makes_nobody(app: Flask, client: FlaskClient) -> None:
    _apply(client)
    wrong = str((int(newest_code(app)) + 1) % 1_000_000).zfill(6)
    assert send(client, "/join/code", code=wrong).status_code == 422
    with fresh(app) as db:
        assert db.scalars(select(Account)).all() == []
        assert db.scalars(select(ArchiveClaim)).all() == []


def test_a_weak_password_does_not_burn_the_code(app: Flask, client: FlaskClient) -> None:
    """Red when the code is used before the password is looked at"""
    _apply(client)
    code = newest_code(app)
    assert send(client, "/join/code", code=code, password="short").status_code == 422
    assert send(client, "/join/code", code=code, password="sesame-1234").status_code == 303
