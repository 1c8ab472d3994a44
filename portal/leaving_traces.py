"""Traces that no foreign key leads to: the trail, rows of files, merges (R63)."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_, select, update
from sqlalchemy.orm import Session

from events.models import Registration
from foundation.audit import AuditEntry
from foundation.belongings import Treated, stays
from members.leaving import NOBODY
from members.models import Account, Owner, OwnerIdentity, Ownership, Vehicle
from portal.models import ImportRow

FREE = {"reason", "name", "why", "note", "words", "text", "answer", "filters", "was", "set"}
LEAVING: Mapping[str, Treated] = {
    "leaving_wish": stays("owner_id"),
    "owner_merge": stays("kept_id", "gone_id", reason="", record={}),
}


def merged_into(db: Session, owner_id: int) -> list[int]:
    """An owner and everybody who was merged into them, however often."""
    found, new = [owner_id], [owner_id]
    while new:
        new = list(db.scalars(select(Owner.id).where(Owner.merged_into_id.in_(new))))
        found += new
    return found


def forget(
    db: Session,
    owner_ids: Collection[int],
    account_ids: Collection[int],
    addresses: Collection[str],
) -> None:
    """The trail keeps who did what and when, without words; rows of files lose what they say."""
    known = _known_by(db, owner_ids) | set(addresses)
    _forget_trail(db, owner_ids, account_ids, known)
    _forget_rows(db, known, owner_ids)


def _known_by(db: Session, owner_ids: Collection[int]) -> set[str]:
    """By what a row of a file or an entry of the trail would name them."""
    names = select(Owner.name).where(Owner.id.in_(owner_ids))
    logins = select(Account.name).where(Account.owner_id.in_(owner_ids))
    cars = (
        select(Vehicle.vin, Vehicle.plate)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(Ownership.owner_id.in_(owner_ids))
    )
    words = {one for query in (names, logins) for one in db.scalars(query)}
    words |= {one for row in db.execute(cars) for one in row if one}
    return {one for one in words if len(one) > 1 and one != NOBODY}


def _forget_trail(
    db: Session, owner_ids: Collection[int], account_ids: Collection[int], known: set[str]
) -> None:
    for entry in db.scalars(select(AuditEntry).where(trail_of(owner_ids, account_ids))).all():
        said = entry.details.items()
        kept = {key: value for key, value in said if _tells_nothing(key, value, known)}
        if kept != entry.details:
            entry.details = kept
    db.flush()


def trail_of(owner_ids: Collection[int], account_ids: Collection[int]) -> ColumnElement[bool]:
    """What was done with them or by them."""
    registrations = select(Registration.id).where(Registration.owner_id.in_(owner_ids))
    return or_(
        (AuditEntry.thing_kind == "owner") & AuditEntry.thing_id.in_(owner_ids),
        (AuditEntry.thing_kind == "account") & AuditEntry.thing_id.in_(account_ids),
        (AuditEntry.thing_kind == "registration") & AuditEntry.thing_id.in_(registrations),
        AuditEntry.account_id.in_(account_ids),
    )


def _tells_nothing(key: str, value: Any, known: set[str]) -> bool:
    if not isinstance(value, str):
        return not isinstance(value, dict | list)
    return key not in FREE and not any(one in value for one in known)


def _forget_rows(db: Session, known: set[str], owner_ids: Collection[int]) -> None:
    """A row says its outcome and no more; it is found as JSON writes their names down, and the
    number by which the other system knows them."""
    said = cast(ImportRow.details, Text)
    numbers = select(OwnerIdentity.external_id).where(OwnerIdentity.owner_id.in_(owner_ids))
    forms = {form for one in known for form in (one, json.dumps(one)[1:-1])}
    forms |= {f'"customer": {json.dumps(one)}' for one in db.scalars(numbers)}
    named = [said.contains(form, autoescape=True) for form in sorted(forms)]
    if named:
        rows = update(ImportRow).where(or_(*named)).values(details={}, message=None)
        db.execute(rows, execution_options={"synchronize_session": False})
