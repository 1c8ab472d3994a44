"""Who a rule chooses: one parameterised query for preview, count, list and audience (R42)."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, true
from sqlalchemy.orm import Session

from foundation.clock import add_months
from members.models import (
    Energy,
    Interest,
    MemberFacts,
    Membership,
    Owner,
    OwnerInterest,
    Ownership,
    Vehicle,
)
from outreach.models import ConsentNow, Topic
from outreach.rules import (
    Agrees,
    Attended,
    Drives,
    Either,
    Every,
    InTier,
    Likes,
    Not,
    Orders,
    Points,
    Powered,
    Rule,
    Visited,
)


def audience_query(rule: Rule, on: date, after: int = 0) -> Select[int]:
    """The ids of the club's members whom the rule chooses on a shop day, in their order, after one
    of them. Where to begin is said of each table, else parts would begin anew with the first."""
    mine, facts = Membership.owner_id, MemberFacts.owner_id
    return (
        select(Owner.id)
        .join(Membership, and_(mine == Owner.id, mine > after))
        .outerjoin(MemberFacts, and_(facts == Owner.id, facts > after))
        .where(Owner.id > after, Membership.left_on.is_(None), Owner.is_here(), _holds(rule, on))
        .order_by(mine)
    )


def count(db: Session, rule: Rule, on: date) -> int:
    """How many members the rule chooses: the same query, counted."""
    chosen = audience_query(rule, on).order_by(None).subquery()
    return db.scalar(select(func.count()).select_from(chosen)) or 0


def some(db: Session, rule: Rule, on: date, *, after: int = 0, limit: int = 50) -> list[int]:
    """The next ids of the audience after one of them."""
    return list(db.scalars(audience_query(rule, on, after).limit(limit)))


def _holds(rule: Rule, on: date) -> ColumnElement[bool]:
    match rule:
        case Every(of):
            return and_(true(), *(_holds(part, on) for part in of))
        case Either(of):
            return or_(*(_holds(part, on) for part in of))
        case Not(inner):
            return not_(_holds(inner, on))
        case Likes(codes, every):
            return _likes(codes, every)
        case Drives(models):
            return _has_car(Vehicle.model.in_(models), on)
        case Powered(energies):
            return _has_car(Vehicle.energy.in_([Energy(name) for name in energies]), on)
        case Agrees(topic):
            return _agrees(topic)
        case Visited(months, within):
            return _visited(months, within, on)
        case InTier(tiers):
            return func.coalesce(MemberFacts.tier, "general").in_(tiers)
        case Orders(number):
            return func.coalesce(MemberFacts.orders, 0) >= number
        case Points(number):
            return func.coalesce(MemberFacts.points, 0) >= number
        case Attended(number):
            return func.coalesce(MemberFacts.attended, 0) >= number


def _likes(codes: tuple[str, ...], every: bool) -> ColumnElement[bool]:
    def one(chosen: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(
            OwnerInterest.owner_id == Owner.id, OwnerInterest.interest_id == Interest.id, chosen
        )

    if every:
        return and_(*(one(Interest.code == code) for code in sorted(set(codes))))
    return one(Interest.code.in_(codes))


def _has_car(fits: ColumnElement[bool], on: date) -> ColumnElement[bool]:
    return exists().where(
        Ownership.owner_id == Owner.id,
        or_(Ownership.until_on.is_(None), Ownership.until_on > on),
        Ownership.vehicle_id == Vehicle.id,
        fits,
    )


def _agrees(topic: str) -> ColumnElement[bool]:
    return exists().where(
        ConsentNow.owner_id == Owner.id,
        ConsentNow.topic == Topic.of(topic),
        ConsentNow.given.is_(true()),
    )


def _visited(months: int, within: bool, on: date) -> ColumnElement[bool]:
    """Windows are (day − n months, day]: a visit exactly on their first day is outside."""
    recent = func.coalesce(MemberFacts.last_visit_on > add_months(on, -months), False)
    return recent if within else not_(recent)
