"""Signing in: finding the login, counting wrong tries, ending sessions everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from foundation import audit, tokens, tunables
from foundation.database import rows_changed
from foundation.refusals import Refusal
from foundation.words import N_
from members.contacts import Contact, NotAContact, read_contact
from members.models import Account, Owner, SignInAttempt

TRIES = tunables.declare(
    "members.sign_in_tries", 5, N_("Wrong passwords before a pause"), N_("tries"), 3, 20
)
PAUSE = tunables.declare(
    "members.sign_in_pause_minutes", 15, N_("Pause after wrong passwords"), N_("minutes"), 1, 1440
)
TRIES_A_DAY = tunables.declare(
    "members.sign_in_tries_a_day",
    50,
    N_("Wrong passwords for one account in a day, from everywhere"),
    N_("tries"),
    10,
    1000,
)
DAY = timedelta(days=1)


class WrongPassword(Refusal):
    """The login or the password is not right; which of them is not said."""


class PausedForNow(Refusal):
    """Too many wrong passwords; a sent code still opens the door."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try at a password, counted before the password is looked at."""

    id: int
    login_hash: str
    account_id: int | None
    password_hash: str | None


def find_proven(db: Session, contact: Contact) -> Account | None:
    """The account whose holder has proven this contact."""
    column = Account.email if "@" in contact.key else Account.phone
    return db.scalar(select(Account).where(column == contact.key, Account.active))


def find_login(db: Session, contact: Contact) -> Account | None:
    """The account that this contact names at sign-in, where a password proves the rest.

    A number or address that its owner gave but never proved also names them, unless two did.
    """
    proven = find_proven(db, contact)
    if proven is not None:
        return proven
    ways = [Owner.phone == contact.key, Account.given_phone == contact.key]
    if "@" in contact.key:
        ways = [Owner.email == contact.key, Account.given_email == contact.key]
    given = db.scalars(
        select(Account)
        .join(Owner, Account.owner_id == Owner.id)
        .where(or_(*ways), Account.active)
        .limit(2)
    ).all()
    return given[0] if len(given) == 1 else None


def begin_attempt(
    db: Session, login: str, address: str, *, hash_key: str, now: datetime
) -> Attempt:
    """Count a try by (login, address) and look up the login. Commit, then compare passwords.

    An unknown login is counted, and answered, like a known one.
    """
    try:
        contact = read_contact(login)
        account, name = find_login(db, contact), contact.key
    except NotAContact:
        account, name = None, login.strip().casefold()[:200]
    login_hash = _login_hash(hash_key, account.id if account else name)
    row = SignInAttempt(login_hash=login_hash, address=address, at=now)
    db.add(row)
    db.flush()
    if account is None:
        return Attempt(row.id, login_hash, None, None)
    return Attempt(row.id, login_hash, account.id, account.password_hash)


def refuse_paused(db: Session, attempt: Attempt, address: str, *, now: datetime) -> None:
    """Raise PausedForNow when the tries before this one, from here or in all, were too many."""
    earlier = select(func.count()).where(
        SignInAttempt.login_hash == attempt.login_hash, SignInAttempt.id < attempt.id
    )
    minutes = tunables.value(db, PAUSE)
    here = earlier.where(
        SignInAttempt.address == address, SignInAttempt.at > now - timedelta(minutes=minutes)
    )
    everywhere = earlier.where(SignInAttempt.at > now - DAY)
    too_many_here = (db.scalar(here) or 0) >= tunables.value(db, TRIES)
    if too_many_here or (db.scalar(everywhere) or 0) >= tunables.value(db, TRIES_A_DAY):
        raise PausedForNow(
            N_(
                "There were too many wrong passwords. Please sign in with a code, or wait "
                "%(minutes)s minutes."
            ),
            minutes=minutes,
        )


def finish_attempt(db: Session, attempt: Attempt, address: str, *, good: bool) -> Account:
    """The account, its wrong tries from this address forgotten; or WrongPassword."""
    account = db.get(Account, attempt.account_id) if good and attempt.account_id else None
    # a password that changed while this one was compared makes the answer void
    if account is None or not account.active or account.password_hash != attempt.password_hash:
        raise wrong_password()
    forget_tries(db, attempt.login_hash, address)
    return account


def wrong_password() -> WrongPassword:
    """The refusal that never tells which of the two was wrong."""
    return WrongPassword(
        N_("The number, the address or the password is not right. Please try again.")
    )


def _login_hash(hash_key: str, who: int | str) -> str:
    return tokens.blind_index(hash_key, f"sign-in:{who}")


def forget_all_tries(db: Session, account: Account, *, hash_key: str) -> None:
    """A sent code came back: whoever tried wrong passwords, from wherever, no longer counts."""
    mine = _login_hash(hash_key, account.id)
    db.execute(delete(SignInAttempt).where(SignInAttempt.login_hash == mine))


def forget_tries(db: Session, login_hash: str, address: str) -> None:
    """A right password: wrong ones before it, for this login from this address, count no more."""
    db.execute(
        delete(SignInAttempt).where(
            SignInAttempt.login_hash == login_hash, SignInAttempt.address == address
        )
    )


def sweep(db: Session, *, now: datetime) -> int:
    """Drop tries that no limit looks at any more; how many."""
    return rows_changed(db, delete(SignInAttempt).where(SignInAttempt.at <= now - DAY))


def set_password(
    db: Session, account: Account, password_hash: str, *, by: int | None, now: datetime
) -> None:
    """Put a new password in force; whoever is signed in with the old one is out (R67)."""
    account.password_hash = password_hash
    audit.record(db, "account.password", "account", account.id, by=by, now=now)
    _next_session(db, account)


def end_sessions(db: Session, account: Account, *, by: int | None, now: datetime) -> None:
    """Sign the account out in every browser."""
    audit.record(db, "account.sessions-ended", "account", account.id, by=by, now=now)
    _next_session(db, account)


def _next_session(db: Session, account: Account) -> None:
    db.flush()
    db.execute(
        update(Account)
        .where(Account.id == account.id)
        .values(session_version=Account.session_version + 1)
    )
    db.refresh(account, ["session_version"])
