"""Every form that a page of the club shows takes whatever is sent: a sentence, never a 500."""

import dataclasses
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from app import create_app
from foundation.roles import Role
from foundation.settings import Settings
from members import passwords
from members.models import Account
from tests import forms_on_pages, moving, postgresql
from tests.browsing import fresh
from tests.entering import visitor_of
from tests.making import make_staff

PATIENCE = 300  # seconds, on a busy machine
SAME_PLACE = 2  # addresses of one route that are looked at
ENDS_THE_WALK = {"members.sign_out_post", "portal.account_sessions_post", "portal.language_post"}


@pytest.fixture(scope="module")
def demo(settings: Settings, demo_template: Path, postgresql_template: str) -> Iterator[Flask]:
    """The demo club on PostgreSQL, which refuses what SQLite swallows."""
    name = "club_hostile"
    made = f"CREATE DATABASE {name} TEMPLATE template_club STRATEGY FILE_COPY"
    postgresql.execute(postgresql_template, made)
    url = postgresql_template.replace("/postgres?", f"/{name}?")
    moving.move(f"sqlite:///{demo_template}", url)
    app = create_app(dataclasses.replace(settings, database_url=url))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["PASSWORD_COST"] = passwords.CHEAP
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    postgresql.execute(postgresql_template, f"DROP DATABASE {name} WITH (FORCE)")


def everything(app: Flask) -> int:
    """An account that holds every role there is."""
    with fresh(app) as db:
        account = make_staff(db, *Role)
        db.commit()
        return account.id


def owner(app: Flask) -> int:
    with fresh(app) as db:
        return db.scalars(select(Account.id).where(Account.email == "owner@demo.example")).one()


def route_of(app: Flask, path: str, method: str) -> str | None:
    try:
        found = app.url_map.bind("localhost").match(path.partition("?")[0], method=method)
    except HTTPException:
        return None
    return str(found[0])


def walk(app: Flask, client: FlaskClient, start: str) -> Iterator[tuple[str, str]]:
    """(address, page) of every page that links lead to, a few of each route."""
    ahead, seen, count = deque([start]), {start}, Counter[str]()
    while ahead:
        path = ahead.popleft()
        route = route_of(app, path, "GET")
        if route is None or count[route] >= SAME_PLACE:
            continue
        count[route] += 1
        answer = client.get(path)
        assert answer.status_code < 500, path
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        page = answer.get_data(as_text=True)
        yield path, page
        for link in forms_on_pages.read(page).links:
            if link not in seen:
                seen.add(link)
                ahead.append(link)


@pytest.mark.timeout(PATIENCE)
@pytest.mark.parametrize(("who", "start", "forms"), [(everything, "/desk", 60), (owner, "/me", 12)])
def test_no_form_breaks(demo: Flask, who: Callable[[Flask], int], start: str, forms: int) -> None:
    """Red when a form hands PostgreSQL what it cannot keep: a number beyond 64 bits, a day that
    no calendar has, a text longer than its column."""
    client, answers = visitor_of(demo, who(demo)), dict[str, set[int]]()
    for path, page in list(walk(demo, client, start)):
        for form in forms_on_pages.read(page).forms:
            route = route_of(demo, form.action or path, "POST")
            if route is None or route in ENDS_THE_WALK or route in answers:
                continue
            sent = [dict(fields) for fields in forms_on_pages.variants(form)]
            answers[route] = {
                client.post(form.action or path, data=one).status_code for one in sent
            }
    assert {route: found for route, found in answers.items() if max(found) >= 500} == {}
    assert len(answers) > forms
    assert len([route for route, found in answers.items() if found & {303, 422}]) > forms / 2
