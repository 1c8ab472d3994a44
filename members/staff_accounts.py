"""Staff accounts: who works here, in which roles, and who stands in for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from foundation import audit, outbox
from foundation.outbox import Channel, Draft, Reader
from foundation.refusals import Refusal
from foundation.roles import Role
from foundation.words import N_
from members import signing_in
from members.account_details import contact_taken
from members.models import Account, AccountRole


class RoleMissing(Refusal):
    """Staff have at least one role."""


class ContactMissing(Refusal):
    """A first code needs somewhere to go."""


class OwnRights(Refusal):
    """Administrators neither close their own account nor drop their own right to manage staff."""


class NoStandIn(Refusal):
    """A stand-in is another colleague whose account is open."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who is to work here: contacts normalised, at least one of them."""

    name: str
    phone: str | None
    email: str | None
    roles: frozenset[Role]
    stand_in_id: int | None = None


def staff(db: Session, *, limit: int = 500) -> Sequence[Account]:
    """Everybody who holds a role, open accounts first, at most `limit`."""
    return db.scalars(
        select(Account)
        .where(Account.id.in_(select(AccountRole.account_id)))
        .options(selectinload(Account.roles))
        .order_by(Account.active.desc(), Account.name, Account.id)
        .limit(limit)
    ).all()


def is_one_of(db: Session, account_ids: Collection[int], owner_ids: Collection[int]) -> bool:
    """Whether one of these accounts is the login of one of these owners: nobody decides on their
    own archive."""
    own = select(Account.id).where(Account.id.in_(account_ids), Account.owner_id.in_(owner_ids))
    return db.scalar(own.limit(1)) is not None


def find_colleague(db: Session, account_id: int) -> Account | None:
    """The account, if it holds a role."""
    found = db.get(Account, account_id)
    return found if found is not None and found.is_staff else None


def hire(
    db: Session, colleague: Colleague, *, shop_id: int, by: int | None, now: datetime
) -> Account:
    """A staff account, and a letter that says how to sign in the first time, by code.

    A member who comes to work here keeps their login and is given the roles.
    """
    _refuse_incomplete(colleague)
    account = _same_person(db, colleague) or Account(created_at=now, name=colleague.name)
    account.phone = account.phone or colleague.phone
    account.email = account.email or colleague.email
    db.add(account)
    db.flush()
    account.active = True
    _set_roles(account, colleague.roles | {held.role for held in account.roles}, shop_id)
    _set_stand_in(db, account, colleague.stand_in_id)
    roles = sorted(role.value for role in colleague.roles)
    audit.record(db, "staff.hire", "account", account.id, by=by, now=now, roles=roles)
    _welcome(db, account, now)
    db.flush()
    return account


def change(
    db: Session, account: Account, colleague: Colleague, *, shop_id: int, by: int, now: datetime
) -> None:
    """Name, contacts, roles and stand-in as given; the roles before stand in the audit trail."""
    _refuse_incomplete(colleague)
    if account.id == by and Role.ADMINISTRATOR not in colleague.roles:
        raise OwnRights(N_("You cannot take the administrator’s role from yourself."))
    other = _same_person(db, colleague, apart_from=account.id)
    if other is not None:
        raise contact_taken()
    before = sorted(held.role.value for held in account.roles)
    account.name, account.phone, account.email = colleague.name, colleague.phone, colleague.email
    _set_roles(account, colleague.roles, shop_id)
    _set_stand_in(db, account, colleague.stand_in_id)
    after = sorted(role.value for role in colleague.roles)
    audit.record(db, "staff.change", "account", account.id, by=by, now=now, was=before, set=after)
    db.flush()


def close(db: Session, account: Account, *, by: int, now: datetime) -> None:
    """Shut the account at once, in every browser; nothing that it did is lost."""
    if account.id == by:
        raise OwnRights(N_("You cannot close your own account."))
    account.active = False
    audit.record(db, "staff.close", "account", account.id, by=by, now=now)
    signing_in.end_sessions(db, account, by=by, now=now)


def reopen(db: Session, account: Account, *, by: int, now: datetime) -> None:
    """Let a closed account in again, with the roles it had."""
    account.active = True
    audit.record(db, "staff.reopen", "account", account.id, by=by, now=now)
    db.flush()


def _refuse_incomplete(colleague: Colleague) -> None:
    if not colleague.roles:
        raise RoleMissing(N_("Please choose at least one role."))
    if not (colleague.phone or colleague.email):
        raise ContactMissing(N_("Please enter a mobile number or an e-mail address."))


def _same_person(
    db: Session, colleague: Colleague, *, apart_from: int | None = None
) -> Account | None:
    """The account that has one of the contacts already; ContactTaken if two have them."""
    found = {
        account.id: account
        for column, key in ((Account.phone, colleague.phone), (Account.email, colleague.email))
        if key
        for account in db.scalars(select(Account).where(column == key))
        if account.id != apart_from
    }
    if len(found) > 1:
        raise contact_taken()
    return next(iter(found.values()), None)


def _set_roles(account: Account, wanted: Collection[Role], shop_id: int) -> None:
    for held in list(account.roles):
        if held.role not in wanted:
            account.roles.remove(held)
    kept = {held.role for held in account.roles}
    for role in wanted:
        if role not in kept:
            account.roles.append(AccountRole(role=role, shop_id=shop_id))


def _set_stand_in(db: Session, account: Account, stand_in_id: int | None) -> None:
    if stand_in_id is not None:
        other = find_colleague(db, stand_in_id)
        if other is None or other.id == account.id or not other.active:
            raise NoStandIn(N_("Please choose another colleague as the stand-in."))
    account.stand_in_id = stand_in_id


def _welcome(db: Session, account: Account, now: datetime) -> None:
    channel = Channel.TEXT if account.phone else Channel.EMAIL
    address = account.phone or account.email or ""
    reader = Reader("account", account.id, channel, address, account.language)
    draft = Draft("staff_welcome", "account", account.id, {"name": account.name})
    outbox.post(db, f"staff-welcome:{account.id}:{now:%Y%m%d%H%M%S}", reader, draft, now=now)
