"""Clients that are signed in: anybody, somebody at the desk, an owner at home."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation import clock
from foundation.roles import Role
from foundation.web.database import db, write
from members.models import Account, Owner
from tests.making import make_staff


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


def at_desk(app: Flask, *roles: Role, **fields: Any) -> FlaskClient:
    """A client of somebody new at the desk, by default a club manager."""
    return visitor(app, lambda session: make_staff(session, *roles, **fields))


def at_home(app: Flask, owner: Owner) -> FlaskClient:
    """A client of an owner who has an account."""
    with app.app_context():
        ident = db.session.scalars(select(Account.id).where(Account.owner_id == owner.id)).one()
    return visitor_of(app, ident)
