"""Joining the club: from a proven contact to an account, a membership and, if known, an archive."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from foundation import audit
from foundation.outbox import Channel
from foundation.refusals import Refusal
from foundation.words import N_
from members import memberships, signing_in
from members.contacts import Contact
from members.facts import facts_of
from members.models import Account, Owner, OwnerKind
from members.names import sort_key
from portal.joining_cars import Car, attach


class AccountClosed(Refusal):
    """The contact belongs to an account that staff closed."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who wants to join, as typed and normalised; one of the contacts is proven later."""

    name: str
    phone: str
    email: str | None
    car: Car | None
    language: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The account to sign in; whether it is new; another's archive that holds the named car."""

    account: Account
    new: bool
    archive: Owner | None = None


def join(
    db: Session,
    applicant: Applicant,
    proven: Contact,
    *,
    on: date,
    now: datetime,
    present: Account | None = None,
) -> Joined:
    """Make the holder of a proven contact a member, once, however often this is called.

    Whoever is a member already is given their account and nothing changes. An archive is tied
    when it alone has the proven contact on file; two are never chosen between (R49). `present`
    is the account of a signed-in reader who is no member yet.
    """
    _refuse_closed(db, proven)
    known = signing_in.find_proven(db, proven) or present
    if known is not None and known.is_member:
        return Joined(known, new=False)
    try:
        with db.begin_nested():
            account = _enrol(db, applicant, proven, known, on, now)
    except IntegrityError:  # the same number joined at the same moment
        winner = signing_in.find_proven(db, proven)
        if winner is None:
            raise
        return Joined(winner, new=False)
    assert account.owner is not None
    archive = attach(db, account.owner, applicant.car, now=now) if applicant.car else None
    return Joined(account, new=True, archive=archive)


def _enrol(
    db: Session,
    applicant: Applicant,
    proven: Contact,
    known: Account | None,
    on: date,
    now: datetime,
) -> Account:
    account = known or Account(created_at=now, language=applicant.language)
    owner = account.owner or find_archive(db, proven) or _new_owner(db, applicant, now)
    _fill_gaps(owner, applicant, proven)
    account.owner = owner
    account.name = account.name or applicant.name
    if proven.channel is Channel.TEXT:
        account.phone = proven.key
        account.given_email = None if account.email == applicant.email else applicant.email
    else:
        account.email = proven.key
        account.given_phone = None if account.phone == applicant.phone else applicant.phone
    db.add(account)
    db.flush()
    memberships.admit(db, owner, on=on, by=account.id, now=now)
    facts_of(db, owner.id)
    channel = proven.channel.value
    audit.record(db, "member.join", "owner", owner.id, by=account.id, now=now, proven_by=channel)
    db.flush()
    return account


def find_archive(db: Session, proven: Contact) -> Owner | None:
    """The one archive without a login that has this contact on file; None for none or several."""
    column = Owner.email if proven.channel is Channel.EMAIL else Owner.phone
    login = aliased(Account)
    found = db.scalars(
        select(Owner)
        .outerjoin(login, login.owner_id == Owner.id)
        .where(
            column == proven.key,
            Owner.kind == OwnerKind.PERSON,
            Owner.is_here(),
            login.id.is_(None),
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _refuse_closed(db: Session, proven: Contact) -> None:
    column = Account.email if proven.channel is Channel.EMAIL else Account.phone
    if db.scalar(select(Account.id).where(column == proven.key, Account.active.is_(False))):
        raise AccountClosed(N_("This account is closed. Please call us, we will help you."))


def _new_owner(db: Session, applicant: Applicant, now: datetime) -> Owner:
    owner = Owner(name=applicant.name, name_sort=sort_key(applicant.name), created_at=now)
    db.add(owner)
    db.flush()
    return owner


def _fill_gaps(owner: Owner, applicant: Applicant, proven: Contact) -> None:
    """What the archive knows stays; what it lacks is taken from the applicant.

    A contact only once it is proven: orders find their owner by the number (R49), and letters
    must not go to an address that somebody else reads.
    """
    if not owner.name:
        owner.name, owner.name_sort = applicant.name, sort_key(applicant.name)
    if proven.channel is Channel.TEXT:
        owner.phone = owner.phone or proven.key
    else:
        owner.email = owner.email or proven.key
