"""What comes next in the programme, and what of it suits an owner."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from events.models import ACTIVE, Event, EventState, QuotaKind, Registration
from foundation.clock import shop_day
from members.models import Interest, OwnerInterest

LOOKED_AT = 40
_COUNTED = (QuotaKind.PEOPLE, QuotaKind.CARS, QuotaKind.SESSION)


@dataclass(frozen=True, slots=True)
class Coming:
    """An event with its shop day and free places (None = for everyone); `liked` is the interest
    of the owner that speaks for it, `model` the model of their car that it is made for."""

    event: Event
    on: date
    left: int | None
    capacity: int | None
    liked: Interest | None = None
    model: str | None = None


def coming_query(now: datetime) -> Select[Event]:
    """Published events that have not begun, the next first."""
    return (
        select(Event)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > now)
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.kind), selectinload(Event.quotas))
    )


def public_events(db: Session, *, zone: ZoneInfo, now: datetime, limit: int) -> list[Coming]:
    """The next events that anybody may read of."""
    found = db.scalars(coming_query(now).where(Event.invited_only.is_(False)).limit(limit))
    return [_coming(event, zone) for event in found]


def picked_for(
    db: Session,
    owner_id: int,
    *,
    tier: str,
    models: Collection[str],
    zone: ZoneInfo,
    now: datetime,
    limit: int,
) -> list[Coming]:
    """Events the owner could go to and has not signed up for: what they like first, then what is
    made for their car, then the next ones."""
    mine = select(Registration.event_id).where(
        Registration.owner_id == owner_id, Registration.state.in_(ACTIVE)
    )
    query = coming_query(now).where(Event.invited_only.is_(False), Event.id.not_in(mine))
    events = [
        event
        for event in db.scalars(query.limit(LOOKED_AT))
        if (not event.for_tiers or tier in event.for_tiers)
        and (not event.for_models or set(event.for_models) & set(models))
    ]
    likes = _likes(db, owner_id)
    picks = [_picked(event, likes, models, zone) for event in events]
    return sorted(picks, key=lambda pick: (pick.liked is None, pick.model is None))[:limit]


def _likes(db: Session, owner_id: int) -> dict[str, Interest]:
    chosen = db.scalars(
        select(Interest)
        .join(OwnerInterest, OwnerInterest.interest_id == Interest.id)
        .where(OwnerInterest.owner_id == owner_id)
    )
    return {interest.code: interest for interest in chosen}


def _picked(
    event: Event, likes: dict[str, Interest], models: Iterable[str], zone: ZoneInfo
) -> Coming:
    liked = next((likes[code] for code in event.interests if code in likes), None)
    model = next((one for one in event.for_models if one in set(models)), None)
    return _coming(event, zone, liked, model)


def _coming(
    event: Event, zone: ZoneInfo, liked: Interest | None = None, model: str | None = None
) -> Coming:
    left, capacity = places_left(event)
    return Coming(event, shop_day(event.starts_at, zone), left, capacity, liked, model)


def places_left(event: Event) -> tuple[int | None, int | None]:
    """Free places and all places of an event, (None, None) where there is room for everyone.

    Sessions are added up; of several limits the tightest counts; who waits comes first.
    """
    sessions = [quota for quota in event.quotas if quota.kind is QuotaKind.SESSION]
    rest = [quota for quota in event.quotas if quota.kind in _COUNTED and quota not in sessions]
    limits = [
        (0 if quota.waiting else max(quota.capacity - quota.taken, 0), quota.capacity)
        for quota in rest
        if quota.capacity is not None
    ]
    held = [(one.capacity, one.taken) for one in sessions if one.capacity is not None]
    if sessions and len(held) == len(sessions):
        free = sum(max(capacity - taken, 0) for capacity, taken in held)
        limits.append((free, sum(capacity for capacity, _taken in held)))
    return min(limits, default=(None, None))
