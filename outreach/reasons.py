"""Why a rule chose each member, in words for who sends and for the record."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from club.models import Tier
from foundation.clock import add_months
from foundation.shop import in_language
from foundation.words import N_
from members.models import Interest, MemberFacts, OwnerInterest, Ownership, Vehicle
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

_AGREED = {
    Topic.INVITATIONS: N_("Agreed to invitations"),
    Topic.NEWSLETTER: N_("Agreed to the newsletter"),
    Topic.OFFERS: N_("Agreed to offers"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A marked message with its values, translated by the page."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """What the rules look at, for one member."""

    facts: MemberFacts | None = None
    interests: dict[str, str] = field(default_factory=dict)
    cars: list[Vehicle] = field(default_factory=list)
    agrees: set[str] = field(default_factory=set)


def reasons(
    db: Session, rule: Rule, owner_ids: Sequence[int], on: date, language: str
) -> Mapping[int, list[Reason]]:
    """For each member the conditions that hold for them, with what they are known by.

    Five queries for a page of members; names come in `language`.
    """
    known = _known(db, owner_ids, on, language)
    tiers = {
        tier.code.value: in_language(tier, "name", language) for tier in db.scalars(select(Tier))
    }
    found: dict[int, list[Reason]] = {}
    for owner_id in owner_ids:
        said = [_said(leaf, known[owner_id], tiers, on) for leaf in _positive(rule)]
        found[owner_id] = [reason for reason in said if reason] or [
            Reason(N_("A member of the club"))
        ]
    return found


def _positive(rule: Rule) -> list[Rule]:
    """Conditions that choose; those that only leave out are no reason."""
    match rule:
        case Every(of) | Either(of):
            return [leaf for part in of for leaf in _positive(part)]
        case Not():
            return []
    return [rule]


def _known(
    db: Session, owner_ids: Sequence[int], on: date, language: str
) -> defaultdict[int, _Known]:
    known: defaultdict[int, _Known] = defaultdict(_Known)
    for facts in db.scalars(select(MemberFacts).where(MemberFacts.owner_id.in_(owner_ids))):
        known[facts.owner_id].facts = facts
    liked = (
        select(OwnerInterest.owner_id, Interest)
        .join(Interest, Interest.id == OwnerInterest.interest_id)
        .where(OwnerInterest.owner_id.in_(owner_ids))
        .order_by(Interest.position)
    )
    for owner_id, interest in db.execute(liked):
        known[owner_id].interests[interest.code] = in_language(interest, "name", language)
    cars = (
        select(Ownership.owner_id, Vehicle)
        .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
        .where(
            Ownership.owner_id.in_(owner_ids),
            or_(Ownership.until_on.is_(None), Ownership.until_on > on),
        )
        .order_by(Ownership.id)
    )
    for owner_id, vehicle in db.execute(cars):
        known[owner_id].cars.append(vehicle)
    said_yes = select(ConsentNow).where(
        ConsentNow.owner_id.in_(owner_ids), ConsentNow.given.is_(True)
    )
    for row in db.scalars(said_yes):
        known[row.owner_id].agrees.add(row.topic.value)
    return known


def _said(leaf: Rule, one: _Known, tiers: Mapping[str, str], on: date) -> Reason | None:
    match leaf:
        case Likes(codes, _every):
            liked = [name for code, name in one.interests.items() if code in codes]
            return Reason(N_("Likes %(names)s"), {"names": "、".join(liked)}) if liked else None
        case Drives(models):
            return _drives([car for car in one.cars if car.model in models])
        case Powered(energies):
            return _drives([car for car in one.cars if car.energy.value in energies])
        case Agrees(topic):
            return Reason(_AGREED[Topic(topic)]) if topic in one.agrees else None  # type: ignore[call-arg]
    return _by_facts(leaf, one.facts or MemberFacts(tier="general"), tiers, on)


def _drives(cars: list[Vehicle]) -> Reason | None:
    return Reason(N_("Drives a %(model)s"), {"model": cars[0].model}) if cars else None


def _by_facts(leaf: Rule, facts: MemberFacts, tiers: Mapping[str, str], on: date) -> Reason | None:
    match leaf:
        case InTier(codes) if facts.tier in codes:
            return Reason(N_("Tier: %(tier)s"), {"tier": tiers.get(facts.tier, facts.tier)})
        case Visited(months, within):
            return _visit(facts.last_visit_on, months, within, on)
        case Orders(number) if (facts.orders or 0) >= number:
            return Reason(N_("Orders so far: %(number)s"), {"number": facts.orders})
        case Points(number) if (facts.points or 0) >= number:
            return Reason(N_("Points: %(number)s"), {"number": facts.points})
        case Attended(number) if (facts.attended or 0) >= number:
            return Reason(N_("Events attended: %(number)s"), {"number": facts.attended})
    return None


def _visit(last: date | None, months: int, within: bool, on: date) -> Reason | None:
    recent = last is not None and last > add_months(on, -months)
    if recent is not within:
        return None
    if last is None:
        return Reason(N_("No visit so far"))
    return Reason(N_("Last visit on %(day)s"), {"day": last.isoformat()})
