"""The programme as members read it: what comes, what is mine, and why it is shown to me."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, cast, select
from sqlalchemy.orm import Session, joinedload

from events.models import ACTIVE, CheckIn, Event, EventKind, EventState, Registration
from foundation import clock
from members.models import Interest, OwnerInterest

PAGE = 24


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader narrowed the programme to; None leaves it open."""

    kind: str | None = None
    month: date | None = None
    interest: str | None = None


def coming_query(chosen: Filter, zone: ZoneInfo, *, now: datetime) -> Select[Event]:
    """Published events that are not over, soonest first."""
    query = (
        select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.ends_at > now)
        .options(joinedload(Event.kind))
        .order_by(Event.starts_at, Event.id)
    )
    if chosen.kind is not None:
        query = query.join(EventKind).where(EventKind.code == chosen.kind)
    if chosen.month is not None:
        first = chosen.month.replace(day=1)
        query = query.where(
            Event.starts_at >= clock.start_of(first, zone),
            Event.starts_at < clock.start_of(clock.add_months(first, 1), zone),
        )
    if chosen.interest is not None:
        query = query.where(_speaks_to(chosen.interest))
    return query


def _speaks_to(code: str) -> ColumnElement[bool]:
    """The list of interests is kept as JSON: the code stands in it as JSON writes it."""
    return cast(Event.interests, String).contains(json.dumps(code), autoescape=True)


def coming(
    db: Session, chosen: Filter, zone: ZoneInfo, *, now: datetime, limit: int = PAGE
) -> list[Event]:
    """The coming events of a filter, at most `limit`."""
    return list(db.scalars(coming_query(chosen, zone, now=now).limit(limit)))


def past_query(*, now: datetime) -> Select[Event]:
    """Published events that are over, newest first."""
    return (
        select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.ends_at <= now)
        .options(joinedload(Event.kind))
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )


def mine_query(owner_id: int) -> Select[Registration]:
    """A member's registrations with their events, the latest event first."""
    return (
        select(Registration)
        .join(Registration.event)
        .where(Registration.owner_id == owner_id)
        .options(
            joinedload(Registration.event).joinedload(Event.kind),
            joinedload(Registration.vehicle),
            joinedload(Registration.session),
            joinedload(Registration.ticket),
        )
        .order_by(Event.starts_at.desc(), Registration.id.desc())
    )


def active_by_event(
    db: Session, owner_id: int, event_ids: Sequence[int]
) -> dict[int, Registration]:
    """The member's active registration for each of these events that has one."""
    found = db.scalars(
        select(Registration).where(
            Registration.owner_id == owner_id,
            Registration.event_id.in_(event_ids),
            Registration.state.in_(ACTIVE),
        )
    )
    return {registration.event_id: registration for registration in found}


def attended(db: Session, registration_ids: Sequence[int]) -> set[int]:
    """Which of these registrations came to the door."""
    found = select(CheckIn.registration_id).where(
        CheckIn.registration_id.in_(registration_ids), CheckIn.undone_at.is_(None)
    )
    return set(db.scalars(found))


def interests_of(db: Session, owner_id: int) -> dict[str, Interest]:
    """What a member likes, by the interest's code."""
    found = db.scalars(
        select(Interest).join(OwnerInterest).where(OwnerInterest.owner_id == owner_id)
    )
    return {interest.code: interest for interest in found}


def shared_interests(event: Event, mine: Collection[str]) -> list[str]:
    """The interests that an event and a member have in common: why it was picked."""
    return [code for code in event.interests if code in mine]


def picked(events: Sequence[Event], mine: Collection[str]) -> list[Event]:
    """The events ordered by how much they speak to the member, then by date."""
    return sorted(events, key=lambda event: (-len(shared_interests(event, mine)), event.starts_at))
