"""One search over people, cars and events."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from events.models import Event
from members.finding import cars_like, owners_like
from members.models import Owner, Ownership, Vehicle

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The first twenty of each."""

    owners: Sequence[Owner]
    cars: Sequence[tuple[Vehicle, Owner | None]]
    events: Sequence[Event]

    @property
    def nothing(self) -> bool:
        return not (self.owners or self.cars or self.events)


def search(db: Session, words: str) -> Found:
    """Who and what these words may mean; blank words mean nothing."""
    plain = " ".join(words.split())[:80]
    if not plain:
        return Found([], [], [])
    return Found(_owners(db, plain), _cars(db, plain), _events(db, plain))


def _owners(db: Session, words: str) -> Sequence[Owner]:
    return db.scalars(
        select(Owner)
        .where(Owner.merged_into_id.is_(None), owners_like(words))
        .order_by(Owner.name_sort, Owner.id)
        .options(joinedload(Owner.membership))
        .limit(SHOWN)
    ).all()


def _cars(db: Session, words: str) -> Sequence[tuple[Vehicle, Owner | None]]:
    rows = db.execute(
        select(Vehicle, Owner)
        .outerjoin(Ownership, (Ownership.vehicle_id == Vehicle.id) & Ownership.until_on.is_(None))
        .outerjoin(Owner, Owner.id == Ownership.owner_id)
        .where(cars_like(words))
        .order_by(Vehicle.plate, Vehicle.id)
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def _events(db: Session, words: str) -> Sequence[Event]:
    titles = (
        Event.title_zh.contains(words, autoescape=True),
        Event.title_en.icontains(words, autoescape=True),
    )
    query = select(Event).where(or_(*titles)).order_by(Event.starts_at.desc()).limit(SHOWN)
    return db.scalars(query).all()
