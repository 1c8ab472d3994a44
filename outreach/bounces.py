"""What mailboxes tell us: nobody lives there, not now, stop it; and that a letter arrived (R40)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation import tunables
from foundation.words import N_
from members.models import Account, Owner
from outreach import unsubscribing
from outreach.models import RestingAddress
from outreach.suppression import Reach, Why, hash_of, suppress

REST_DAYS = tunables.declare(
    "outreach.rest_days", 3, N_("Rest of a mailbox that took no letter"), N_("days"), 1, 30
)
LONGEST_REST = timedelta(days=30)
BY_COMPLAINT = "spam complaint"


def hard(db: Session, hash_key: str, address: str, *, now: datetime) -> None:
    """Nobody lives there: no e-mail goes to the address any more, no service letter either."""
    suppress(db, hash_key, address, Reach.ALL, Why.BOUNCE, now=now)


def soft(db: Session, hash_key: str, address: str, *, now: datetime) -> None:
    """The mailbox is full or shut for now: marketing to it rests, longer with each time in a row"""
    key = hash_of(hash_key, address)
    before = db.scalar(select(RestingAddress.refusals).where(RestingAddress.address_hash == key))
    refusals = (before or 0) + 1
    until = now + min(timedelta(days=tunables.value(db, REST_DAYS) * refusals), LONGEST_REST)
    insert: Any = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(RestingAddress).values(address_hash=key, refusals=refusals, until=until)
    values = {"refusals": refusals, "until": until}
    db.execute(row.on_conflict_do_update(index_elements=["address_hash"], set_=values))


def arrived(db: Session, hash_key: str, address: str) -> None:
    """A letter was taken: what was refused before is forgotten."""
    key = hash_of(hash_key, address)
    db.execute(delete(RestingAddress).where(RestingAddress.address_hash == key))


def complained(db: Session, hash_key: str, address: str, *, now: datetime) -> None:
    """The reader called a letter spam: no marketing by any channel any more."""
    suppress(db, hash_key, address, Reach.MARKETING, Why.COMPLAINT, now=now)
    key = address.lower()
    logins = select(Account.owner_id).where(func.lower(Account.email) == key)
    owners = select(Owner.id).where(or_(func.lower(Owner.email) == key, Owner.id.in_(logins)))
    for owner_id in db.scalars(owners).all():
        unsubscribing.end_all(db, owner_id, source=BY_COMPLAINT, now=now)


def rests_until(db: Session, hash_key: str, address: str, now: datetime) -> datetime | None:
    """Until when marketing to the address rests; None where it does not."""
    resting = select(RestingAddress.until).where(
        RestingAddress.address_hash == hash_of(hash_key, address), RestingAddress.until > now
    )
    return db.scalar(resting)
