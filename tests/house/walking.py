"""Walking over the route map as one visitor or another."""

import re
from collections.abc import Callable, Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from foundation import clock
from foundation.web.database import db, write
from members.models import Account

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HOLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def doors(app: Flask) -> list[tuple[str, Rule]]:
    """(method, route) of every page of the club."""
    return [
        (method, rule)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in METHODS
        if method in (rule.methods or ())
    ]


def holes(rule: Rule) -> Iterator[tuple[str, str]]:
    """(converter, name) of what is to be filled in."""
    yield from HOLE.findall(rule.rule)


def address(rule: Rule, fill: Callable[[str, str], object] = lambda *_hole: 1) -> str:
    """The route's address with every hole filled: by default with 1."""
    return HOLE.sub(lambda hole: str(fill(hole[1] or "string", hole[2])), rule.rule)


def visitor(app: Flask, make: Callable[..., Account]) -> FlaskClient:
    """A client that is signed in as the account that make(db) makes."""
    with app.app_context():
        write()
        ident = make(db.session).id
        db.session.commit()
    return visitor_of(app, ident)


def visitor_of(app: Flask, ident: int) -> FlaskClient:
    """A client that is signed in as an account."""
    with app.app_context():
        known = db.session.scalars(select(Account).where(Account.id == ident)).one().get_id()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = known, True
        cookie["signed_in_at"] = int(clock.now().timestamp())
    return client
