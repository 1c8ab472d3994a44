"""Who reads this page: the account behind the cookie, with its roles, in one query."""

from datetime import UTC, datetime, timedelta

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from foundation import clock
from foundation.roles import Permission
from foundation.web.database import db
from members import passwords
from members.models import Account, Owner

OWNER_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)

manager = LoginManager()


def init_session(app: Flask) -> None:
    """Load the reader of each page; permanent cookies, ended by age or by session version."""
    app.config["PERMANENT_SESSION_LIFETIME"] = OWNER_SESSION
    app.config.setdefault("PASSWORD_COST", passwords.STRONG)
    manager.session_protection = None
    manager.init_app(app)


@manager.user_loader
def _load(ident: str) -> Account | None:
    number, _, version = ident.partition(":")
    account = (
        db.session.scalars(
            select(Account)
            .where(
                Account.id == int(number), Account.session_version == int(version), Account.active
            )
            .options(
                joinedload(Account.roles), joinedload(Account.owner).joinedload(Owner.membership)
            )
        )
        .unique()
        .one_or_none()
    )
    if account is None:
        return None
    begun = datetime.fromtimestamp(session.get("signed_in_at", 0), UTC)
    allowed = STAFF_SESSION if account.is_staff else OWNER_SESSION
    return account if clock.now() - begun <= allowed else None


def begin_session(account: Account) -> None:
    """Sign this browser in, with a fresh cookie."""
    session.clear()
    session.permanent = True
    session["signed_in_at"] = int(clock.now().timestamp())
    login_user(account)


def end_session() -> None:
    """Sign this browser out and forget what its cookie held."""
    logout_user()
    session.clear()


def home_of(account: Account) -> str:
    """Where an account lands after the door: staff at the desk, members at home."""
    if Permission.DESK_ENTER in account.permissions:
        return "/desk"
    return "/me" if account.is_member else "/me/account"
