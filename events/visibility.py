"""Who may see an event: one that is hidden is there only for those who may come to it."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, cast, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from events.meant_cars import Drives, drives
from events.models import ACTIVE, Event, EventInvitee, Registration
from members.garage import cars_query
from members.models import Interest, MemberFacts, Membership, OwnerInterest

NOTHING = "[]"
Listed = InstrumentedAttribute[list[str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What decides which hidden events a member sees."""

    owner_id: int
    tier: str
    cars: frozenset[Drives]
    likes: frozenset[str]


def reader_of(db: Session, owner_id: int | None) -> Reader | None:
    """What is known of a member; nothing of strangers and of who has not joined."""
    if owner_id is None:
        return None
    found = db.execute(
        select(MemberFacts.tier)
        .select_from(Membership)
        .outerjoin(MemberFacts, MemberFacts.owner_id == Membership.owner_id)
        .where(Membership.owner_id == owner_id, Membership.left_on.is_(None))
    ).one_or_none()
    if found is None:
        return None
    likes = select(Interest.code).join(OwnerInterest).where(OwnerInterest.owner_id == owner_id)
    return Reader(
        owner_id,
        found.tier or "general",
        frozenset(map(drives, db.scalars(cars_query(owner_id)))),
        frozenset(db.scalars(likes)),
    )


def shown_to(reader: Reader | None) -> ColumnElement[bool]:
    """Which events a reader may know of; a stranger knows of those that are not hidden."""
    if reader is None:
        return Event.hidden.is_(False)
    signed_up = exists().where(
        Registration.event_id == Event.id,
        Registration.owner_id == reader.owner_id,
        Registration.state.in_(ACTIVE),
    )
    invited = exists().where(
        EventInvitee.event_id == Event.id, EventInvitee.owner_id == reader.owner_id
    )
    meant = and_(
        _fits(Event.for_tiers, {reader.tier}),
        _is_for_one_of(reader.cars),
        or_(Event.interests_only.is_(False), _names(Event.interests, reader.likes)),
        or_(Event.invited_only.is_(False), invited),
    )
    return or_(Event.hidden.is_(False), meant, signed_up)


def may_see(db: Session, event: Event, owner_id: int | None) -> bool:
    """Whether an event exists for this reader."""
    if not event.hidden:
        return True
    seen = select(Event.id).where(Event.id == event.id, shown_to(reader_of(db, owner_id)))
    return db.scalar(seen) is not None


def _is_for_one_of(cars: Collection[Drives]) -> ColumnElement[bool]:
    """As `meant_cars.meant_for_one`: one car has to be of the model and of the energy."""
    asks = (Event.for_models, Event.for_energies)
    every = and_(*(cast(column, String) == NOTHING for column in asks))
    return or_(
        every,
        *(
            and_(*(_fits(column, {word} - {""}) for column, word in zip(asks, car, strict=True)))
            for car in sorted(cars, key=str)
        ),
    )


def _fits(column: Listed, mine: Collection[str]) -> ColumnElement[bool]:
    """The list is empty, or names something of mine."""
    return or_(cast(column, String) == NOTHING, _names(column, mine))


def _names(column: Listed, mine: Collection[str]) -> ColumnElement[bool]:
    """Lists are kept as JSON: a word stands in them as JSON writes it."""
    text = cast(column, String)
    return or_(
        *(text.contains(json.dumps(word), autoescape=True) for word in sorted(mine)),
        text.is_(None),
    )
