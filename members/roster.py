"""The list of members and owners: filters, order, pages by key; list and export are one query."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from foundation.clock import add_months
from members.finding import owners_like
from members.models import (
    Interest,
    MemberFacts,
    Membership,
    Owner,
    OwnerInterest,
    Ownership,
    Vehicle,
)

PAGE = 50
COUNTED_TO = 10_000
BEGINNING = date(1, 1, 1)

# What each order goes by; a minus before the name turns it round. The id settles what is equal.
ORDERS: dict[str, ColumnElement[Any]] = {
    "name": Owner.name_sort.expression,
    "joined": func.coalesce(Membership.joined_on, BEGINNING),
    "spend": func.coalesce(MemberFacts.spend_fen, 0),
    "visit": func.coalesce(MemberFacts.last_visit_on, BEGINNING),
}
VISITS = ("3", "6", "12", "never")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which owners a list shows and in which order. Empty texts do not filter.

    `joined` is "yes" or "no"; `visit` is "never" or a number of months without a visit.
    """

    q: str = ""
    tier: str = ""
    model: str = ""
    interest: str = ""
    joined: str = ""
    visit: str = ""
    sort: str = "name"

    @property
    def order(self) -> tuple[ColumnElement[Any], bool]:
        """The expression to sort by and whether downwards."""
        name = self.sort.removeprefix("-")
        return ORDERS.get(name, ORDERS["name"]), self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class Line:
    """One owner of the list. A missing membership means not joined."""

    owner: Owner
    membership: Membership | None
    facts: MemberFacts | None
    vehicles: tuple[Vehicle, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list and the ids that the pages before and after begin from."""

    lines: list[Line]
    previous: int | None
    following: int | None


def roster_query(wanted: Wanted, *, today: date) -> Select[*tuple[Any, ...]]:
    """Everybody who is wanted, in no order yet. A merged owner is shown as the one who stayed."""
    query = (
        select(Owner, Membership, MemberFacts)
        .outerjoin(Membership, and_(Membership.owner_id == Owner.id, Membership.left_on.is_(None)))
        .outerjoin(MemberFacts, MemberFacts.owner_id == Owner.id)
        .where(Owner.is_here())
    )
    return query.where(*_conditions(wanted, today))


def page_of(
    db: Session,
    wanted: Wanted,
    *,
    today: date,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """Fifty owners after (or before) the one with this id, or the first fifty."""
    key, down = wanted.order
    back = before is not None
    query = _ordered(roster_query(wanted, today=today), key, down != back)
    start = before if back else after
    if start is not None:
        query = query.where(_beyond(db, key, start, down != back))
    named = query.options(selectinload(Owner.identities))
    rows = db.execute(named.limit(PAGE + 1)).all()
    more = len(rows) > PAGE
    shown = [Line(*row) for row in rows[:PAGE]]
    if back:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    has_previous = more if back else start is not None
    has_following = True if back else more
    return Page(
        with_cars(db, shown),
        shown[0].owner.id if has_previous else None,
        shown[-1].owner.id if has_following else None,
    )


def everybody(db: Session, wanted: Wanted, *, today: date) -> Iterator[Line]:
    """The whole list in its order, for export, a page's worth of cars at a time."""
    key, down = wanted.order
    query = _ordered(roster_query(wanted, today=today), key, down)
    for part in db.execute(query).partitions(500):
        yield from with_cars(db, [Line(*row) for row in part])


def count_of(db: Session, wanted: Wanted, *, today: date) -> int:
    """How many are wanted, counted no further than ten thousand and one."""
    ids = roster_query(wanted, today=today).with_only_columns(Owner.id).limit(COUNTED_TO + 1)
    return int(db.scalar(select(func.count()).select_from(ids.subquery())) or 0)


def with_cars(db: Session, lines: list[Line]) -> list[Line]:
    """The lines with the cars their owners have now, in one query."""
    rows = db.execute(
        select(Ownership.owner_id, Vehicle)
        .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
        .where(
            Ownership.owner_id.in_([line.owner.id for line in lines]),
            Ownership.until_on.is_(None),
        )
        .order_by(Ownership.from_on.desc(), Vehicle.id.desc())
    ).all()
    cars: dict[int, list[Vehicle]] = {}
    for owner_id, vehicle in rows:
        cars.setdefault(owner_id, []).append(vehicle)
    return [
        Line(line.owner, line.membership, line.facts, tuple(cars.get(line.owner.id, ())))
        for line in lines
    ]


def models_in_use(db: Session) -> Collection[str]:
    """The models that a filter can name."""
    query = select(Vehicle.model).where(Vehicle.model != "").distinct().order_by(Vehicle.model)
    return db.scalars(query.limit(200)).all()


def _conditions(wanted: Wanted, today: date) -> Iterator[ColumnElement[bool]]:
    if wanted.q.strip():
        yield owners_like(wanted.q)
    if wanted.tier:
        yield func.coalesce(MemberFacts.tier, "general") == wanted.tier
    if wanted.model:
        yield Owner.id.in_(
            select(Ownership.owner_id)
            .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
            .where(Vehicle.model == wanted.model, Ownership.until_on.is_(None))
        )
    if wanted.interest:
        yield Owner.id.in_(
            select(OwnerInterest.owner_id)
            .join(Interest, Interest.id == OwnerInterest.interest_id)
            .where(Interest.code == wanted.interest)
        )
    if wanted.joined in ("yes", "no"):
        there = Membership.owner_id.is_not(None)
        yield there if wanted.joined == "yes" else ~there
    if wanted.visit == "never":
        yield MemberFacts.last_visit_on.is_(None)
    elif wanted.visit in VISITS:
        yield MemberFacts.last_visit_on <= add_months(today, -int(wanted.visit))


def _ordered(query: Select[*tuple[Any, ...]], key: ColumnElement[Any], down: bool) -> Select[Any]:
    if down:
        return query.order_by(key.desc(), Owner.id.desc())
    return query.order_by(key, Owner.id)


def _beyond(db: Session, key: ColumnElement[Any], start: int, down: bool) -> ColumnElement[bool]:
    """Whoever comes after the owner with this id; an unknown id has nobody after it."""
    value = db.scalar(
        select(key)
        .select_from(Owner)
        .outerjoin(Membership, and_(Membership.owner_id == Owner.id, Membership.left_on.is_(None)))
        .outerjoin(MemberFacts, MemberFacts.owner_id == Owner.id)
        .where(Owner.id == start)
    )
    if value is None:
        return Owner.id.is_(None)
    if down:
        return or_(key < value, and_(key == value, Owner.id < start))
    return or_(key > value, and_(key == value, Owner.id > start))
