"""Open claims with what the counter needs to decide: both sides, cars, visits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from members.contacts import of_key
from members.models import Account, Owner, Ownership, ServiceOrder, Vehicle
from portal import claims


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """One claim as the desk shows it."""

    id: int
    made_at: datetime
    claimant: str
    claimant_contact: str
    archive: str
    archive_contact: str
    plates: tuple[str, ...]
    orders: int
    has_login: bool


def waiting(db: Session) -> list[WaitingClaim]:
    """Open claims, oldest first, at most a hundred; contacts masked, as in every list."""
    found = claims.open_claims(db)
    ids = {row.owner_id for row in found} | {row.archive_id for row in found}
    owners = {owner.id: owner for owner in db.scalars(select(Owner).where(Owner.id.in_(ids)))}
    logins = {row.owner_id: row for row in db.scalars(_logins(ids))}
    plates, orders = _plates(db, ids), _orders(db, ids)
    return [
        WaitingClaim(
            id=row.id,
            made_at=row.made_at,
            claimant=owners[row.owner_id].name,
            claimant_contact=_contact(owners[row.owner_id], logins.get(row.owner_id)),
            archive=owners[row.archive_id].name,
            archive_contact=_contact(owners[row.archive_id], None),
            plates=tuple(plates.get(row.archive_id, ())),
            orders=orders.get(row.archive_id, 0),
            has_login=row.archive_id in logins,
        )
        for row in found
    ]


def _logins(ids: set[int]) -> Select[Account]:
    return select(Account).where(Account.owner_id.in_(ids))


def _plates(db: Session, ids: set[int]) -> dict[int, list[str]]:
    rows = db.execute(
        select(Ownership.owner_id, Vehicle.plate, Vehicle.vin)
        .join(Vehicle, Ownership.vehicle_id == Vehicle.id)
        .where(Ownership.owner_id.in_(ids), Ownership.until_on.is_(None))
    )
    found: dict[int, list[str]] = {}
    for owner_id, plate, vin in rows:
        found.setdefault(owner_id, []).append(plate or vin or "")
    return found


def _orders(db: Session, ids: set[int]) -> dict[int, int]:
    rows = db.execute(
        select(ServiceOrder.owner_id, func.count())
        .where(ServiceOrder.owner_id.in_(ids))
        .group_by(ServiceOrder.owner_id)
    )
    return dict(rows.all())


def _contact(owner: Owner, login: Account | None) -> str:
    key = (login.phone or login.email if login else None) or owner.phone or owner.email
    return of_key(key).masked if key else ""
