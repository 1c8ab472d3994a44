"""One search over people, cars, orders and events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from events.models import Event
from members.finding import cars_like, owners_like
from members.models import Owner, OwnerIdentity, Ownership, ServiceOrder, Vehicle
from members.order_systems import HOUSE, order_systems

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The first twenty of each; `known_as` says by which foreign number owners were found."""

    owners: Sequence[Owner]
    cars: Sequence[tuple[Vehicle, Owner | None]]
    events: Sequence[Event]
    orders: Sequence[tuple[ServiceOrder, Owner]] = ()
    known_as: Mapping[int, Sequence[OwnerIdentity]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return not (self.owners or self.cars or self.events or self.orders)


def search(db: Session, words: str) -> Found:
    """Who and what these words may mean; blank words mean nothing."""
    plain = " ".join(words.split())[:80]
    if not plain:
        return Found([], [], [])
    owners = _owners(db, plain)
    return Found(
        owners,
        _cars(db, plain),
        _events(db, plain),
        _orders(db, plain),
        _known_as(db, owners, plain),
    )


def _owners(db: Session, words: str) -> Sequence[Owner]:
    return db.scalars(
        select(Owner)
        .where(Owner.is_here(), owners_like(words))
        .order_by(Owner.name_sort, Owner.id)
        .options(joinedload(Owner.membership), selectinload(Owner.identities))
        .limit(SHOWN)
    ).all()


def _known_as(db: Session, owners: Sequence[Owner], words: str) -> dict[int, list[OwnerIdentity]]:
    """Per owner the other systems that know them by exactly this number."""
    found: dict[int, list[OwnerIdentity]] = defaultdict(list)
    query = select(OwnerIdentity).where(
        OwnerIdentity.external_id == words, OwnerIdentity.owner_id.in_([one.id for one in owners])
    )
    for identity in db.scalars(query.order_by(OwnerIdentity.source)):
        found[identity.owner_id].append(identity)
    return found


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


def _orders(db: Session, words: str) -> Sequence[tuple[ServiceOrder, Owner]]:
    """Orders of exactly this number, in whichever system, with whose they are."""
    rows = db.execute(
        select(ServiceOrder, Owner)
        .join(Owner, Owner.id == ServiceOrder.owner_id)
        .where(
            ServiceOrder.source.in_([*order_systems(db), *HOUSE]),
            ServiceOrder.external_id == words,
        )
        .options(selectinload(Owner.identities))
        .order_by(ServiceOrder.serviced_on.desc(), ServiceOrder.id)
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
