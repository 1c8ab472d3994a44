"""Walking over the pages of the demo club as links lead, as somebody of the desk or an owner."""

from collections import Counter, deque
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from foundation.roles import Role
from members.models import Account
from tests import forms_on_pages
from tests.browsing import fresh
from tests.making import make_staff

SAME_PLACE = 2  # addresses of one route that are looked at
ENDS_THE_WALK = {"members.sign_out_post", "portal.account_sessions_post", "portal.language_post"}


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
