"""The programme as members read it: what comes, what was, what is mine."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select
from sqlalchemy.orm import Session, joinedload

from club.models import TierCode
from events import places
from events.models import ACTIVE, CheckIn, Event, EventKind, EventState, Registration
from events.places import Places
from foundation import clock
from members.models import Interest

PAGE = 24
MOST = 240
_SEARCHED = (
    *(Event.title_zh, Event.title_en, Event.summary_zh, Event.summary_en),
    *(Event.place_zh, Event.place_en, Event.address),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader narrowed the programme to; None leaves it open."""

    kind: str | None = None
    month: date | None = None
    interest: str | None = None
    words: str = ""
    free: bool = False


def coming_query(chosen: Filter, zone: ZoneInfo, *, now: datetime) -> Select[Event]:
    """Published events that are not over, soonest first."""
    query = _narrowed(chosen).where(Event.ends_at > now)
    if chosen.month is not None:
        first, after = _bounds(chosen.month, zone)
        query = query.where(Event.starts_at >= first, Event.starts_at < after)
    return query


def month_query(chosen: Filter, month: date, zone: ZoneInfo) -> Select[Event]:
    """Published events that touch a month, also those that are over."""
    first, after = _bounds(month, zone)
    return _narrowed(chosen).where(Event.starts_at < after, Event.ends_at > first)


def _bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first = month.replace(day=1)
    return clock.start_of(first, zone), clock.start_of(clock.add_months(first, 1), zone)


def _narrowed(chosen: Filter) -> Select[Event]:
    query = (
        select(Event)
        .where(Event.state == EventState.PUBLISHED)
        .options(joinedload(Event.kind))
        .order_by(Event.starts_at, Event.id)
    )
    if chosen.kind is not None:
        query = query.join(EventKind).where(EventKind.code == chosen.kind)
    if chosen.interest is not None:
        query = query.where(_speaks_to(chosen.interest))
    if chosen.words:
        query = query.where(and_(*map(_says, chosen.words.split())))
    return query


def _speaks_to(code: str) -> ColumnElement[bool]:
    """The list of interests is kept as JSON: the code stands in it as JSON writes it."""
    return cast(Event.interests, String).contains(json.dumps(code), autoescape=True)


def _says(word: str) -> ColumnElement[bool]:
    """The word stands somewhere in title, summary or place."""
    return or_(*(column.icontains(word, autoescape=True) for column in _SEARCHED))


def with_places(
    db: Session, query: Select[Event], chosen: Filter, tier: str = TierCode.GENERAL
) -> tuple[list[Event], dict[int, Places]]:
    """The events of a query, at most `MOST`, and their places for members of a tier; only those
    with places free where the reader asked for it."""
    events = list(db.scalars(query.limit(MOST)))
    rooms = places.places_of(db, [event.id for event in events], tier)
    if chosen.free:
        events = [event for event in events if rooms[event.id].left != 0]
    return events, rooms


def by_place(events: Collection[Event]) -> list[list[Event]]:
    """The events place by place; the place where something is on first comes first."""
    grouped: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(events, key=lambda event: (event.starts_at, event.id)):
        grouped.setdefault((event.place_zh, event.address), []).append(event)
    return list(grouped.values())


def interests_in(db: Session, *, now: datetime) -> list[Interest]:
    """The interests that something in the coming programme speaks to."""
    lists = db.scalars(
        select(Event.interests)
        .where(Event.state == EventState.PUBLISHED, Event.ends_at > now, Event.hidden.is_(False))
        .order_by(Event.starts_at)
        .limit(MOST)
    )
    codes = {code for one in lists for code in one}
    return list(db.scalars(select(Interest).where(Interest.code.in_(codes)).order_by(Interest.id)))


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
