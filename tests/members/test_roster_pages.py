"""The list of members and its export through the browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation.audit import AuditEntry
from foundation.roles import Role
from foundation.sheets.reading import open_sheet
from foundation.web.database import db, write
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.reading import texts

ALICE, BOB = "安然", "赵敏"


@pytest.fixture
def two_members(app: Flask) -> None:
    with app.app_context():
        write()
        for name, tier, phone in (
            (ALICE, "gold", "+8613812345678"),
            (BOB, "silver", "+8613987654321"),
        ):
            owner = making.make_member(db.session, name, tier=tier, login=False, phone=phone)
            making.make_vehicle(db.session, owner, plate=None, vin=None)
        db.session.commit()


def shown(client: FlaskClient, address: str) -> list[str]:
    return [
        row.split(" ")[0] for row in texts(client.get(address).get_data(as_text=True), "main", "td")
    ]


def test_the_list_shows_who_fits(app: Flask, two_members: None) -> None:
    client = at_desk(app)
    assert shown(client, "/desk/members") == [ALICE, BOB]
    assert shown(client, "/desk/members?tier=gold") == [ALICE]
    assert shown(client, "/desk/members?tier=gold&sort=nonsense&after=x") == [ALICE]


def test_the_list_begins_with_who_is_in_the_club(app: Flask, two_members: None) -> None:
    """Red when an archive without a name stands before the members"""
    with fresh(app) as session:
        making.make_owner(session, "", phone=None)
        session.commit()
    client = at_desk(app)
    assert shown(client, "/desk/members") == [ALICE, BOB]
    assert len(shown(client, "/desk/members?joined=all")) == 3
    assert len(shown(client, "/desk/members?q=&tier=&joined=")) == 3


def test_numbers_in_the_list_are_masked_for_everybody(app: Flask, two_members: None) -> None:
    """red when the list shows what MEMBER_CONTACTS may see only in an archive."""
    html = at_desk(app, Role.ADMINISTRATOR).get("/desk/members").get_data(as_text=True)
    assert "138****5678" in html
    assert "12345678" not in html


def test_an_export_equals_its_list_and_is_noted(app: Flask, two_members: None) -> None:
    """R42, R67: red when the view exports without the filters of the form."""
    client = at_desk(app)
    page = "/desk/members/export?tier=gold"
    answer = send(client, "/desk/members/export", page, tier="gold", form="csv", reason="回访")
    rows = list(open_sheet(answer.get_data(), "members.csv").rows)
    assert (
        [row.cells["姓名"] for row in rows] == shown(client, "/desk/members?tier=gold") == [ALICE]
    )
    with fresh(app) as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.act, entry.details["reason"]) == ("member.export", "回访")
        assert entry.details["filters"] == {"tier": "gold", "sort": "name"}


def test_no_reason_no_file(app: Flask, two_members: None) -> None:
    client = at_desk(app)
    answer = send(client, "/desk/members/export", form="csv", reason="  ")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")
    with fresh(app) as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_only_who_may_export_does(app: Flask, two_members: None) -> None:
    client = at_desk(app, Role.SERVICE_ADVISOR)
    assert client.get("/desk/members/export").status_code == 403
    assert "/desk/members/export" not in client.get("/desk/members").get_data(as_text=True)
