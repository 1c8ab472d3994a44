"""A browser without scripts: pages are opened, forms are sent with the token they hold."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from foundation.database import writing
from foundation.outbox import Letter
from foundation.web.database import db
from tests.forms_on_pages import read

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def send(client: FlaskClient, url: str, page: str | None = None, **fields: Any) -> TestResponse:
    """Open `page`, or `url`, and post its form to `url`."""
    found = TOKEN.search(client.get(page or url).get_data(as_text=True))
    assert found, f"no form at {page or url}"
    return client.post(url, data={"csrf_token": found[1], **fields})


def sign_in(client: FlaskClient, login: str, password: str) -> TestResponse:
    return send(client, "/sign-in", email=login, password=password)


def fresh(app: Flask) -> Session:
    """A session of its own on the application's database."""
    with app.app_context():
        return Session(writing(db.engine), expire_on_commit=False)


def newest_code(app: Flask) -> str:
    """The digits in the letter that was posted last."""
    with fresh(app) as session:
        letter = session.scalars(
            select(Letter).where(Letter.template == "code").order_by(Letter.id.desc()).limit(1)
        ).one()
        return str(letter.details["code"])


def codes_posted(app: Flask) -> int:
    with fresh(app) as session:
        return len(session.scalars(select(Letter).where(Letter.template == "code")).all())


def send_as_it_is(client: FlaskClient, page: str, action: str) -> TestResponse:
    """Open a page and send one of its forms with what it holds."""
    forms = read(client.get(page).get_data(as_text=True)).forms
    form = next(one for one in forms if one.action == action)
    return client.post(action, data=MultiDict(form.sends))
