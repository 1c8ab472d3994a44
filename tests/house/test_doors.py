"""Every address says who may enter, and keeps it."""

import re

from flask import Flask
from sqlalchemy.orm import Session

from foundation.roles import Role
from foundation.web.access import entry_of
from members.models import Account
from tests import making
from tests.entering import visitor
from tests.house.walking import address, doors, holes

# Machines post here without the token of a form; each guards itself as its reason says.
MACHINE_POSTS = {"/u/…", "/hooks/texts", "/hooks/mail"}
# Desk pages of one owner whose reading is not noted, each with its reason.
READ_WITHOUT_A_NOTE: dict[str, str] = {}
WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")


def member(db: Session) -> Account:
    owner = making.make_member(db, login=False)
    return making.make_account(db, owner)


def administrator(db: Session) -> Account:
    return making.make_staff(db, Role.ADMINISTRATOR)


def test_every_route_says_who_may_enter(app: Flask) -> None:
    """red when an access mark is taken off a page."""
    assert [rule.rule for _method, rule in doors(app) if not entry_of(app, rule.endpoint)] == []


def test_the_desk_wants_a_permission_everywhere(app: Flask) -> None:
    """red when a desk page is only @signed_in."""
    found = []
    for _method, rule in doors(app):
        entry = entry_of(app, rule.endpoint)
        if rule.rule.split("/")[1] == "desk" and (entry is None or entry.permission is None):
            found.append(rule.rule)
    assert found == []


def test_reading_one_members_particulars_is_logged(app: Flask) -> None:
    """R67: red when logs_reading is taken off the benefits page."""
    logged = {
        rule.rule: "logs_reading" in vars(app.view_functions[rule.endpoint])
        for method, rule in doors(app)
        if method == "GET" and rule.rule.split("/")[1] == "desk" and "owner_id>" in rule.rule
    }
    assert "/desk/members/<int:owner_id>/benefits" in logged
    assert {rule for rule, noted in logged.items() if not noted} == set(READ_WITHOUT_A_NOTE)


def test_nobody_enters_the_desk_without_signing_in(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client, wrong = app.test_client(), []
    for method, rule in doors(app):
        if rule.rule.split("/")[1] == "desk":
            answer = client.open(address(rule), method=method)
            sent = answer.headers.get("Location", "").startswith("/sign-in?next=%2F")
            if answer.status_code != 303 or not sent:
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []


def test_no_member_enters_the_desk(app: Flask) -> None:
    """red when the gate forgets to compare the permission."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = visitor(app, member)
    answers = {
        (method, rule.rule): client.open(address(rule), method=method).status_code
        for method, rule in doors(app)
        if rule.rule.split("/")[1] == "desk"
    }
    assert {door: status for door, status in answers.items() if status != 403} == {}


def test_every_post_wants_the_token_of_its_form(app: Flask) -> None:
    """red when a view is exempted without being listed."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = visitor(app, administrator)
    wrong = [
        rule.rule
        for method, rule in doors(app)
        if method != "GET" and address(rule, lambda *_hole: "…") not in MACHINE_POSTS
        if client.open(address(rule), method=method).status_code != 400
    ]
    assert wrong == []


def test_machines_post_only_where_it_is_listed(app: Flask) -> None:
    found = {
        address(rule, lambda *_hole: "…")
        for _method, rule in doors(app)
        if (entry := entry_of(app, rule.endpoint)) and entry.kind == "machine"
    }
    assert found - MACHINE_POSTS == set()


def test_addresses_are_kebab_case_and_typed(app: Flask) -> None:
    """/desk/check-in/<int:event_id>, never /desk/checkIn/<id>."""
    wrong = []
    for _method, rule in doors(app):
        words = [part for part in rule.rule.strip("/").split("/") if part and "<" not in part]
        kinds = [kind for kind, name in holes(rule) if name == "id" or name.endswith("_id")]
        if not all(map(WORD.fullmatch, words)) or any(kind != "int" for kind in kinds):
            wrong.append(rule.rule)
    assert wrong == []
