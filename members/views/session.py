"""Who reads this page: the account behind the cookie, with its roles, in one query."""

from datetime import UTC, datetime, timedelta

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from foundation import clock
from foundation.roles import Permission
from foundation.web.database import db
from members import passwords
from members.models import Account, Owner

OWNER_SESSION = timedelta(days=30)
STAFF_SESSION = timedelta(hours=12)

manager = LoginManager()
_READER = (
    select(Account)
    .where(
        Account.id == bindparam("id"),
        Account.session_version == bindparam("version"),
        Account.active,
    )
    .options(joinedload(Account.roles), joinedload(Account.owner).joinedload(Owner.membership))
)


def init_session(app: Flask) -> None:
    """Load the reader of each page; permanent cookies, ended by age or by session version."""
    app.config["PERMANENT_SESSION_LIFETIME"] = OWNER_SESSION
    app.config.setdefault("PASSWORD_COST", passwords.STRONG)
    manager.session_protection = None
    manager.init_app(app)


@manager.user_loader
def _load(ident: str) -> Account | None:
    number, _, version = ident.partition(":")
    values = {"id": int(number), "version": int(version)}
    account = db.session.scalars(_READER, values).unique().one_or_none()
    if account is None:
        return None
    if account.owner is not None:
        set_committed_value(account.owner, "account", account)
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
    if Permission.PARTNER_CHECK in account.permissions:
        return "/partner"
    return "/me" if account.is_member else "/me/account"
