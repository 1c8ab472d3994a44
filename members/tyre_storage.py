"""Tyres that the shop keeps for an owner: which, on what shelf, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from foundation import audit
from foundation.refusals import Refusal
from foundation.shop import the_shop
from foundation.words import N_
from members.finding import cars_like, owners_like
from members.models import Owner, Ownership, StoredTyres, Vehicle

SHOWN = 100
LONGEST = 60
MOST = 8


class TyresUnclear(Refusal):
    """Stored tyres need a car, a brand, a size, a shelf, and days that make sense."""


@dataclass(frozen=True, slots=True)
class Tyres:
    """What is put on the shelf."""

    brand: str
    size: str
    dot: str
    count: int
    shelf: str
    until_on: date
    note: str = ""


def owner_of(db: Session, vehicle: Vehicle) -> Owner | None:
    """Who has the car now."""
    return db.scalar(
        select(Owner)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .where(Ownership.vehicle_id == vehicle.id, Ownership.until_on.is_(None))
        .order_by(Ownership.from_on.desc(), Ownership.id.desc())
        .limit(1)
    )


def store(
    db: Session, vehicle: Vehicle, said: Tyres, *, today: date, by: int | None, now: datetime
) -> StoredTyres:
    """Put tyres of a car on a shelf, for whoever has the car today."""
    owner = owner_of(db, vehicle)
    if owner is None:
        raise TyresUnclear(N_("Nobody has this car today. Whose tyres are these?"))
    if not (said.brand.strip() and said.size.strip() and said.shelf.strip()):
        raise TyresUnclear(N_("Please enter brand, size and shelf."))
    if not 1 <= said.count <= MOST:
        raise TyresUnclear(N_("Tyres are stored from 1 to %(most)s at a time."), most=MOST)
    if said.until_on <= today:
        raise TyresUnclear(N_("The last day of storage lies in the future."))
    made = StoredTyres(
        shop_id=the_shop(db).id,
        vehicle_id=vehicle.id,
        owner_id=owner.id,
        brand=said.brand.strip()[:LONGEST],
        size=said.size.strip()[:LONGEST],
        dot=said.dot.strip()[:LONGEST],
        count=said.count,
        shelf=said.shelf.strip()[:LONGEST],
        stored_on=today,
        until_on=said.until_on,
        note=said.note.strip()[:300],
        recorded_at=now,
        account_id=by,
    )
    db.add(made)
    db.flush()
    audit.record(db, "tyres.store", "vehicle", vehicle.id, by=by, now=now, tyres=made.id)
    return made


def give_back(
    db: Session, tyres: StoredTyres, *, today: date, by: int | None, now: datetime
) -> None:
    """They left the shelf; a second press changes nothing."""
    if tyres.returned_on is None:
        tyres.returned_on = today
        audit.record(
            db, "tyres.return", "vehicle", tyres.vehicle_id, by=by, now=now, tyres=tyres.id
        )
        db.flush()


def on_shelves(db: Session, *, words: str = "") -> Sequence[tuple[StoredTyres, Owner, Vehicle]]:
    """What is stored now, what ends first first; found by plate, name, shelf or brand."""
    query = _with_names().where(StoredTyres.returned_on.is_(None))
    if words:
        shelf = StoredTyres.shelf.contains(words, autoescape=True)
        query = query.where(or_(owners_like(words), cars_like(words), shelf))
    rows = db.execute(query.order_by(StoredTyres.until_on, StoredTyres.id).limit(SHOWN))
    return [(row[0], row[1], row[2]) for row in rows]


def of_car(db: Session, vehicle_id: int, owner_id: int) -> Sequence[StoredTyres]:
    """What an owner has stored for a car."""
    return db.scalars(
        select(StoredTyres)
        .where(
            StoredTyres.vehicle_id == vehicle_id,
            StoredTyres.owner_id == owner_id,
            StoredTyres.returned_on.is_(None),
        )
        .order_by(StoredTyres.until_on)
    ).all()


def _with_names() -> Select[StoredTyres, Owner, Vehicle]:
    return (
        select(StoredTyres, Owner, Vehicle)
        .join(Owner, Owner.id == StoredTyres.owner_id)
        .join(Vehicle, Vehicle.id == StoredTyres.vehicle_id)
        .options(joinedload(Owner.membership))
    )
