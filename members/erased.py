"""Numbers of other systems whose owners were erased: known again, and nothing else of them (R63).

What is kept is a keyed hash, as of addresses that must not be written to: a later file of the
workshop would bring the same person in anew, without their having come back to the club.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.tokens import blind_index
from members.models import ErasedIdentity, OwnerIdentity


def remember(db: Session, owner_ids: Collection[int], *, hash_key: str, now: datetime) -> None:
    """Keep the hashes of the numbers by which other systems know these owners, once each."""
    theirs = select(OwnerIdentity).where(OwnerIdentity.owner_id.in_(owner_ids))
    hashes = {_hash(hash_key, one.source, one.external_id) for one in db.scalars(theirs)}
    known = select(ErasedIdentity.identity_hash).where(ErasedIdentity.identity_hash.in_(hashes))
    for one in sorted(hashes.difference(db.scalars(known))):
        db.add(ErasedIdentity(identity_hash=one, erased_at=now))
    db.flush()


def erased_among(
    db: Session, source: str, customer_ids: Collection[str], *, hash_key: str
) -> set[str]:
    """Those of a source's customer numbers whose owner was erased."""
    hashes = {_hash(hash_key, source, one): one for one in customer_ids}
    found = select(ErasedIdentity.identity_hash).where(ErasedIdentity.identity_hash.in_(hashes))
    return {hashes[one] for one in db.scalars(found)}


def _hash(hash_key: str, source: str, external_id: str) -> str:
    return blind_index(hash_key, f"identity:{source}:{external_id}")
