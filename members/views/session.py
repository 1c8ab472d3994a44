"""Who reads this page: the account behind the cookie, with its roles, in one query."""

from datetime import UTC, datetime, timedelta

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from foundation import clock, tunables
from foundation.roles import Permission
from foundation.web.database import db, read
from foundation.words import N_
from members import passwords
from members.models import Account, Owner

OWNER_DAYS = tunables.declare(
    "members.owner_session_days", 30, N_("Owners stay signed in"), N_("days"), 1, 90
)
STAFF_HOURS = tunables.declare(
    "members.staff_session_hours", 12, N_("Staff stay signed in"), N_("hours"), 1, 24
)

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
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=OWNER_DAYS.high)
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
    return account if clock.now() - begun <= _length(account) else None


def _length(account: Account) -> timedelta:
    """How long this session counts, as it was set when it began."""
    if account.is_staff:
        return timedelta(hours=session.get(STAFF_HOURS.key, STAFF_HOURS.default))
    return timedelta(days=session.get(OWNER_DAYS.key, OWNER_DAYS.default))


def begin_session(account: Account) -> None:
    """Sign this browser in, with a fresh cookie; what came before is committed.

    The cookie says how long it counts, for an owner and for staff: a changed setting counts from
    the next sign-in on, and no page need ask for it.
    """
    read()
    session.clear()
    session.permanent = True
    session["signed_in_at"] = int(clock.now().timestamp())
    for length in (OWNER_DAYS, STAFF_HOURS):
        session[length.key] = tunables.value(db.session, length)
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
