"""Two archives side by side, before somebody says that they are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from club.standing import standing_of
from events.models import ACTIVE, Registration
from members.car_words import car_name
from members.finding import owners_like
from members.models import (
    Account,
    Membership,
    Owner,
    OwnerIdentity,
    Ownership,
    ServiceOrder,
    Vehicle,
)

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Side:
    """What one archive holds, as far as it helps to see whether both are one person.

    Plain values: a preview is shown after its transaction was given up.
    """

    owner_id: int
    name: str
    phone: str | None
    email: str | None
    card: str | None
    signs_in: bool
    tier: str
    points: int
    spend_fen: int
    orders: int
    last_visit_on: date | None
    cars: tuple[str, ...]
    known_as: tuple[tuple[str, str], ...]
    sign_ups: int


def side_of(db: Session, owner: Owner, *, today: date) -> Side:
    """One of the two."""
    standing, active = standing_of(db, owner.id, today=today), Registration.state.in_(ACTIVE)
    mine = ServiceOrder.owner_id == owner.id
    orders, last = db.execute(
        select(func.count(ServiceOrder.id), func.max(ServiceOrder.serviced_on)).where(mine)
    ).one()
    sign_ups = select(func.count(Registration.id)).where(Registration.owner_id == owner.id, active)
    identities = select(OwnerIdentity).where(OwnerIdentity.owner_id == owner.id).limit(SHOWN)
    card = db.get(Membership, owner.id)
    return Side(
        owner_id=owner.id,
        name=owner.name,
        phone=owner.phone,
        email=owner.email,
        card=card.number if card and card.left_on is None else None,
        signs_in=db.scalar(select(Account.id).where(Account.owner_id == owner.id)) is not None,
        tier=standing.tier.value,
        points=standing.points,
        spend_fen=standing.spend_fen,
        orders=orders,
        last_visit_on=last,
        cars=tuple(one.plate or car_name(one) for one in db.scalars(_cars(owner.id).limit(SHOWN))),
        known_as=tuple((one.source, one.external_id) for one in db.scalars(identities)),
        sign_ups=db.scalar(sign_ups) or 0,
    )


def candidates(db: Session, owner: Owner, words: str) -> Sequence[Owner]:
    """Archives that these words mean; without words those with the same number or name.

    They are shown to a person and never merged by themselves (R49).
    """
    others = select(Owner).where(Owner.id != owner.id, Owner.is_here(), Owner.kind == owner.kind)
    if words.strip():
        query = others.where(owners_like(words))
    else:
        alike = []
        if owner.phone:
            alike.append(Owner.phone == owner.phone)
        if owner.email:
            alike.append(Owner.email == owner.email)
        if owner.name_sort:
            alike.append(Owner.name_sort == owner.name_sort)
        if not alike:
            return []
        query = others.where(or_(*alike))
    return db.scalars(query.order_by(Owner.name_sort, Owner.id).limit(SHOWN)).all()


def _cars(owner_id: int) -> Select[Vehicle]:
    return (
        select(Vehicle)
        .join(Ownership, Ownership.vehicle_id == Vehicle.id)
        .where(Ownership.owner_id == owner_id, Ownership.until_on.is_(None))
        .order_by(Vehicle.id)
    )
