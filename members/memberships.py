"""Membership: an owner joins on a day and gets a number that can be read out."""

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from members.models import Membership, Owner

DIGITS = 7


def admit(db: Session, owner: Owner, *, on: date, by: int | None, now: datetime) -> Membership:
    """The owner's membership: a new one, or the one they have, taken up again if they had left."""
    found = db.get(Membership, owner.id)
    if found is not None and found.left_on is None:
        return found
    if found is None:
        found = Membership(owner_id=owner.id, number=free_number(db), joined_on=on)
        owner.membership = found
    found.left_on = None
    audit.record(db, "membership.begin", "owner", owner.id, by=by, now=now, number=found.number)
    db.flush()
    return found


def is_member(db: Session, owner_id: int) -> bool:
    """Whether the owner is in the club today."""
    membership = db.get(Membership, owner_id)
    return membership is not None and membership.left_on is None


def free_number(db: Session) -> str:
    """A number that nobody has: M, six random digits, and a check digit against misreading."""
    while True:
        digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS - 1))
        number = f"M{digits}{check_digit(digits)}"
        if db.scalar(select(Membership.owner_id).where(Membership.number == number)) is None:
            return number


def check_digit(digits: str) -> int:
    """The Luhn digit that follows `digits`: it catches one wrong digit and two swapped ones."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        doubled = int(sign) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10
