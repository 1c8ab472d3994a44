"""What the rooms' first floor keeps of somebody who leaves, and what goes (R63)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from foundation.belongings import Treated, goes, stays
from members.models import Account, Membership, OneTimeCode, Owner, Ownership, Vehicle

NOBODY = "—"
QUIET = {"synchronize_session": False}
CAR: Mapping[str, Any] = {
    "vin": None,
    "plate": None,
    "engine_number": None,
    "purchased_on": None,
    "registered_on": None,
    "compulsory_insurance_until": None,
    "commercial_insurance_until": None,
    "inspection_until": None,
    "extra": {},
}


def _number(table: Table) -> object:
    """A card number that says nothing and is still only one."""
    return literal("-") + cast(table.c.owner_id, String)


LEAVING: Mapping[str, Treated] = {
    "owner": stays(
        "id",
        beside="merged_into_id",
        name=NOBODY,
        name_sort=NOBODY,
        phone=None,
        email=None,
        wechat=None,
        sex=None,
        born_on=None,
        licence_until=None,
        address=None,
        title=None,
        contact_time=None,
        note=None,
        extra={},
    ),
    "account": stays(
        "owner_id",
        keeps="language",
        name=NOBODY,
        phone=None,
        email=None,
        given_phone=None,
        given_email=None,
        password_hash=None,
        active=False,
    ),
    "archive_claim": goes("owner_id", "archive_id"),
    "card_code": goes("owner_id"),
    "company_person": goes("company_id", "person_id"),
    "member_facts": stays("owner_id", keeps="tier"),
    "membership": stays("owner_id", number=_number),
    "order_line": stays("order_id", keeps="description brand", beside="refund_of_id"),
    "owner_advisor": goes("owner_id"),
    "owner_identity": goes("owner_id"),
    "owner_interest": goes("owner_id"),
    "ownership": goes("owner_id"),
    "service_order": stays(
        *("owner_id", "bringer_id", "contact_id"),
        keeps="source external_id content",
        told="owner_id",
    ),
    "stored_tyres": stays("owner_id", keeps="brand size dot shelf", note=""),
}


def addresses_of(db: Session, owner_ids: Collection[int]) -> set[str]:
    """Every phone number and mail address that is known of them."""
    owners = select(Owner.phone, Owner.email).where(Owner.id.in_(owner_ids))
    logins = select(Account.phone, Account.email, Account.given_phone, Account.given_email).where(
        Account.owner_id.in_(owner_ids)
    )
    return {one for query in (owners, logins) for row in db.execute(query) for one in row if one}


def end_membership(db: Session, owner_ids: Collection[int], *, on: date) -> None:
    """They are no members from this day on."""
    theirs = update(Membership).where(
        Membership.owner_id.in_(owner_ids), Membership.left_on.is_(None)
    )
    db.execute(theirs.values(left_on=on), execution_options=QUIET)


def forget_cars(db: Session, owner_ids: Collection[int]) -> None:
    """Cars that nobody else ever had lose what names them; another holder's stay as they are."""
    cars = update(Vehicle).where(cars_of(owner_ids))
    db.execute(cars.values(CAR), execution_options=QUIET)


def cars_of(owner_ids: Collection[int]) -> ColumnElement[bool]:
    """The cars that they had and nobody else ever had."""
    mine = select(Ownership.vehicle_id).where(Ownership.owner_id.in_(owner_ids))
    others = select(Ownership.vehicle_id).where(Ownership.owner_id.not_in(owner_ids))
    return and_(Vehicle.id.in_(mine), Vehicle.id.not_in(others))


def forget_codes(db: Session, addresses: Collection[str]) -> None:
    """Codes that were sent to them."""
    db.execute(delete(OneTimeCode).where(OneTimeCode.contact.in_(addresses)))


def end_sessions(db: Session, account_ids: Collection[int]) -> None:
    """Nobody is signed in as them any more, on any device."""
    theirs = update(Account).where(Account.id.in_(account_ids))
    version = Account.session_version + 1
    db.execute(theirs.values(session_version=version), execution_options=QUIET)
