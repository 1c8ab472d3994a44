"""Addresses that must not be written to, kept as keyed hashes that outlive their members (R38)."""

import enum
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from foundation.database import rows_changed
from foundation.tokens import blind_index
from outreach.models import Suppression


class Reach(enum.StrEnum):
    """How much of what we send a suppression stops."""

    MARKETING = "marketing"
    ALL = "all"


class Why(enum.StrEnum):
    """Who or what stopped an address; only the person's own wish can be taken back by them."""

    WISH = "wish"
    LEFT = "left"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"


OWN_WISH = (Why.WISH, Why.LEFT)


def suppress(
    db: Session, hash_key: str, address: str, reach: Reach, why: Why, *, now: datetime
) -> None:
    """Stop writing to an address (phone or e-mail, normalised); again changes nothing.

    A bounce or a complaint takes the place of a wish, so that taking the wish back leaves it.
    """
    insert: Any = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Suppression).values(
        address_hash=hash_of(hash_key, address), topic=reach.value, why=why.value, at=now
    )
    if why in OWN_WISH:
        db.execute(row.on_conflict_do_nothing())
        return
    keys = [Suppression.address_hash, Suppression.topic]
    db.execute(row.on_conflict_do_update(index_elements=keys, set_={"why": why.value, "at": now}))


def is_suppressed(db: Session, hash_key: str, address: str, *, marketing: bool) -> bool:
    """Whether a letter of this kind must not go to the address."""
    if not address:
        return False
    reaches = [Reach.ALL, Reach.MARKETING] if marketing else [Reach.ALL]
    found = select(Suppression.id).where(
        Suppression.address_hash == hash_of(hash_key, address),
        Suppression.topic.in_([reach.value for reach in reaches]),
    )
    return db.scalar(found.limit(1)) is not None


def marketing_stopped(db: Session, hash_key: str, addresses: Collection[str]) -> set[str]:
    """Those of many addresses that must not get marketing, in one query."""
    hashes = {hash_of(hash_key, address): address for address in addresses if address}
    found = select(Suppression.address_hash).where(Suppression.address_hash.in_(hashes))
    return {hashes[known] for known in db.scalars(found)}


def take_back(db: Session, hash_key: str, addresses: Collection[str]) -> int:
    """The person said yes again after proving the addresses: their own earlier no is lifted."""
    return rows_changed(
        db,
        delete(Suppression).where(
            Suppression.address_hash.in_([hash_of(hash_key, one) for one in addresses]),
            Suppression.why.in_([why.value for why in OWN_WISH]),
        ),
    )


def hash_of(hash_key: str, address: str) -> str:
    """By what an address is known here."""
    return blind_index(hash_key, address.strip().lower())
