"""Every form that a page of the club shows takes whatever is sent: a sentence, never a 500."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from foundation.settings import Settings
from members import passwords
from tests import forms_on_pages, moving, postgresql
from tests.browsing import newest_code, send
from tests.entering import visitor_of
from tests.portal.page_walk import ENDS_THE_WALK, everything, owner, route_of, walk

JOINING = (
    (
        "/join",
        {"name": "李雷", "phone": "13812340000", "email": "li@demo.example", "plate": "粤B9Z9Z9"},
    ),
    ("/join/code", {"code": "newest", "password": "sesame-1234"}),
    ("/join/archive", {}),
    ("/join/interests", {"interest": "1"}),
    ("/join/consents", {"topic": "newsletter"}),
)
NEW_NUMBER = (
    ("/me/account/contact", {"email": "13812340009"}),
    ("/me/account/contact/confirm", {"code": "newest"}),
)
BY_CODE = (
    ("/sign-in/code", {"email": "friend@demo.example"}),
    ("/sign-in/code/confirm", {"code": "newest"}),
)
NEW_PASSWORD = (
    ("/reset-password", {"email": "friend@demo.example"}),
    ("/reset-password/confirm", {"code": "newest", "password": "sesame-4321"}),
)
WORDS = {"code", "email", "phone"}
PATIENCE = 300  # seconds, on a busy machine


@pytest.fixture(scope="module")
def demo(settings: Settings, demo_template: Path, postgresql_template: str) -> Iterator[Flask]:
    """The demo club on PostgreSQL, which refuses what SQLite swallows."""
    name = f"club_{uuid.uuid4().hex[:12]}"
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


def hostile(app: Flask, client: FlaskClient, path: str) -> dict[str, set[int]]:
    """What the forms of a page answer to what nobody would send, by their addresses."""
    page = client.get(path)
    assert page.status_code == 200, path
    found = dict[str, set[int]]()
    for form in forms_on_pages.read(page.get_data(as_text=True)).forms:
        at = form.action or path
        if route_of(app, at, "POST") not in ENDS_THE_WALK:
            sent = [dict(fields) for fields in forms_on_pages.variants(form)]
            found[at] = found.get(at, set()) | {
                client.post(at, data=one).status_code for one in sent
            }
    return found


@pytest.mark.parametrize(
    ("who", "steps"),
    [(None, JOINING), (None, BY_CODE), (None, NEW_PASSWORD), (owner, NEW_NUMBER)],
    ids=["joining", "in by a code", "a new password", "a new number"],
)
def test_no_step_that_waits_for_a_code_breaks(
    demo: Flask,
    who: Callable[[Flask], int] | None,
    steps: Sequence[tuple[str, dict[str, str]]],
) -> None:
    """Each step is sent nonsense and says a sentence; then what is right leads to the next one.

    Red where a number is taken as it was typed."""
    client = visitor_of(demo, who(demo)) if who else demo.test_client()
    for path, good in steps:
        answers = hostile(demo, client, path)
        assert path in answers
        assert set().union(*answers.values()) <= {303, 422}, answers
        assert not WORDS & good.keys() or answers[path] == {422}, answers
        given = good | ({"code": newest_code(demo)} if "code" in good else {})
        if given:
            assert send(client, path, **given).status_code == 303, path


@pytest.mark.parametrize("field", ["name", "email", "plate"])
def test_who_joins_with_one_odd_answer_is_in_or_asked_again(demo: Flask, field: str) -> None:
    """All else is right, so that each answer comes as far as it can by itself."""
    for odd, (typed, _chosen) in enumerate(forms_on_pages.NONSENSE):
        client, phone = demo.test_client(), f"1381234{len(field)}{odd}00"
        good = {"name": "李雷", "phone": phone, "email": "", "plate": ""}
        answers = [send(client, "/join", **(good | {field: typed}))]
        if answers[0].status_code == 303:
            answers.append(send(client, "/join/code", code=newest_code(demo), password=""))
        assert {one.status_code for one in answers} <= {303, 422}, typed[:20]
