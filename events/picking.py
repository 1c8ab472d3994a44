"""Picked for you: what of the programme speaks to a member, and why, in one line.

Their interests count, the car they drive, and what they came to before. What is for others stays
in the programme and comes last.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.meant_cars import Drives, drives, is_about_plugs, meant, meant_for_one
from events.models import CheckIn, Event, EventInvitee, Registration
from foundation import clock
from foundation.words import N_, InBoth
from members.garage import cars_query
from members.models import Interest, MemberFacts, OwnerInterest

MODEL, SERIES, INTEREST, PLUG, KIND = 5, 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Been:
    """An event that a member came to."""

    event_id: int
    kind_id: int
    title: str
    on: date


@dataclass(frozen=True, slots=True)
class Tastes:
    """What is known of a member that an event can speak to."""

    likes: dict[str, Interest] = field(default_factory=dict)
    cars: frozenset[Drives] = frozenset()
    been: tuple[Been, ...] = ()
    tier: str = "general"
    invited: frozenset[int] = frozenset()
    today: date = date.min


@dataclass(frozen=True, slots=True)
class Why:
    """The reason as a marked sentence with its values, and how much it weighs."""

    weight: int
    message: str
    values: dict[str, object]


def tastes_of(db: Session, owner_id: int, *, zone: ZoneInfo, now: datetime) -> Tastes:
    """What a member likes, drives, and came to before."""
    cars = db.scalars(cars_query(owner_id)).all()
    tier = db.scalar(select(MemberFacts.tier).where(MemberFacts.owner_id == owner_id))
    invited = select(EventInvitee.event_id).where(EventInvitee.owner_id == owner_id)
    return Tastes(
        likes=_likes(db, owner_id),
        cars=frozenset(map(drives, cars)),
        been=_been(db, owner_id, zone),
        tier=tier or "general",
        invited=frozenset(db.scalars(invited)),
        today=clock.shop_day(now, zone),
    )


def _likes(db: Session, owner_id: int) -> dict[str, Interest]:
    found = db.scalars(
        select(Interest)
        .join(OwnerInterest)
        .where(OwnerInterest.owner_id == owner_id)
        .order_by(Interest.id)
    )
    return {interest.code: interest for interest in found}


def _been(db: Session, owner_id: int, zone: ZoneInfo) -> tuple[Been, ...]:
    """Where they were seen at the door, the latest first."""
    rows = db.execute(
        select(Event.id, Event.kind_id, Event.title_zh, Event.starts_at)
        .join(Registration, Registration.event_id == Event.id)
        .join(CheckIn, CheckIn.registration_id == Registration.id)
        .where(Registration.owner_id == owner_id, CheckIn.undone_at.is_(None))
        .distinct()
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return tuple(
        Been(row.id, row.kind_id, row.title_zh, clock.shop_day(row.starts_at, zone)) for row in rows
    )


def open_to(event: Event, tastes: Tastes) -> bool:
    """Whether the event is meant for this member, by tier, car, interest and invitation."""
    return (
        (not event.for_tiers or tastes.tier in event.for_tiers)
        and meant_for_one(event, tastes.cars)
        and (not event.interests_only or not tastes.likes.keys().isdisjoint(event.interests))
        and (not event.invited_only or event.id in tastes.invited)
    )


def why(event: Event, tastes: Tastes) -> Why | None:
    """The strongest reason for this event, if there is one."""
    return max(_reasons(event, tastes), key=lambda one: one.weight, default=None)


def picked(events: Iterable[Event], tastes: Tastes) -> list[Event]:
    """The events by how much they speak to the member, then by date."""
    return sorted(events, key=lambda event: (-_weight(event, tastes), event.starts_at, event.id))


def _weight(event: Event, tastes: Tastes) -> int:
    if not open_to(event, tastes):
        return -1
    return sum(one.weight for one in _reasons(event, tastes))


def _reasons(event: Event, tastes: Tastes) -> list[Why]:
    if not open_to(event, tastes):
        return []
    found = [_for_model(event, tastes), _came(event, tastes), _for_plug(event, tastes)]
    liked = [code for code in event.interests if code in tastes.likes]
    if liked:
        name = InBoth.of(tastes.likes[liked[0]], "name")
        words = N_("Because you like %(interest)s")
        found.append(Why(INTEREST + len(liked) - 1, words, {"interest": name}))
    return [one for one in found if one is not None]


def _for_model(event: Event, tastes: Tastes) -> Why | None:
    mine = {car.model for car in tastes.cars if meant(event, car)}
    model = next((one for one in event.for_models if one in mine), None)
    return Why(MODEL, N_("For your %(model)s"), {"model": model}) if model else None


def _for_plug(event: Event, tastes: Tastes) -> Why | None:
    about = is_about_plugs(event) and meant_for_one(event, tastes.cars)
    return Why(PLUG, N_("For your car with a plug"), {}) if about else None


def _came(event: Event, tastes: Tastes) -> Why | None:
    """They came to an earlier one of the series, or else to one of the same kind."""
    for been in tastes.been:
        if been.event_id != event.id and _same_series(event, been):
            return Why(SERIES, *_when(been.on, tastes.today, _CAME))
    for been in tastes.been:
        if been.event_id != event.id and been.kind_id == event.kind_id:
            return Why(KIND, *_when(been.on, tastes.today, _CAME_TO_ONE))
    return None


def _same_series(event: Event, been: Been) -> bool:
    return event.copied_from_id == been.event_id or event.title_zh == been.title


_CAME = (N_("You came this year"), N_("You came last year"), N_("You came in %(year)s"))
_CAME_TO_ONE = (
    N_("You came to one like it this year"),
    N_("You came to one like it last year"),
    N_("You came to one like it in %(year)s"),
)


def _when(on: date, today: date, sentences: tuple[str, str, str]) -> tuple[str, dict[str, object]]:
    years = min(max(today.year - on.year, 0), 2)
    return sentences[years], {"year": on.year} if years == 2 else {}
