"""Finding an owner by what somebody remembers: name, pinyin, phone, number, plate, VIN,
or the number another system knows them by."""

import re

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from members.models import Account, Membership, Owner, OwnerIdentity, Ownership, Vehicle

FEWEST_DIGITS, LAST_DIGITS, WHOLE_NUMBER = 3, 4, 10
FOUND = 20
_BETWEEN = re.compile(r"[\s·•\-]+")


def owners_like(words: str) -> ColumnElement[bool]:
    """The condition that an owner is meant by these words; blank words mean nobody."""
    plain = " ".join(words.split())
    if not plain:
        return Owner.id.is_(None)
    tight = _BETWEEN.sub("", plain)
    spoken = func.replace(Owner.name_sort, " ", "")
    ways = [
        Owner.name.contains(plain, autoescape=True),
        spoken.startswith(tight.lower(), autoescape=True),
        Owner.id.in_(
            select(Membership.owner_id).where(func.upper(Membership.number) == tight.upper())
        ),
        Owner.id.in_(_owners_of_cars(tight)),
        Owner.id.in_(select(OwnerIdentity.owner_id).where(OwnerIdentity.external_id == plain)),
    ]
    digits = re.sub(r"\D", "", plain)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s+()\-]", plain):
        ways.append(_phone_of(digits))
    return or_(*ways)


def members_like(db: Session, words: str) -> list[Owner]:
    """The first members by name who are meant by these words; blank words mean nobody."""
    query = (
        select(Owner)
        .join(Membership)
        .where(owners_like(words), Membership.left_on.is_(None), Owner.is_here())
        .options(joinedload(Owner.membership))
        .order_by(Owner.name_sort, Owner.id)
    )
    return list(db.scalars(query.limit(FOUND))) if words.strip() else []


def _phone_of(digits: str) -> ColumnElement[bool]:
    """The last digits, or the whole number: any part of it would tell what masked lists hide."""
    if LAST_DIGITS < len(digits) < WHOLE_NUMBER:
        return Owner.id.is_(None)
    given = select(Account.owner_id).where(Account.given_phone.endswith(digits))
    return or_(Owner.phone.endswith(digits), Owner.id.in_(given))


def cars_like(words: str) -> ColumnElement[bool]:
    """The condition that a car is meant: part of its plate or of its VIN."""
    tight = _BETWEEN.sub("", words).upper()
    if len(tight) < FEWEST_DIGITS:
        return Vehicle.id.is_(None)
    return or_(
        Vehicle.plate.contains(tight, autoescape=True), Vehicle.vin.contains(tight, autoescape=True)
    )


def _owners_of_cars(tight: str) -> Select[int]:
    return (
        select(Ownership.owner_id)
        .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
        .where(cars_like(tight), Ownership.until_on.is_(None))
    )
