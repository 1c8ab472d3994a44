"""What comes next in the programme, and what of it suits an owner."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from events import picking, visibility
from events.models import ACTIVE, Event, EventState, QuotaKind, Registration
from events.picking import Why
from foundation.clock import shop_day
from members.models import Account

LOOKED_AT = 40
_COUNTED = (QuotaKind.PEOPLE, QuotaKind.CARS, QuotaKind.SESSION)


@dataclass(frozen=True, slots=True)
class Coming:
    """An event with its shop day, its free places (None = for everyone), and why it was picked."""

    event: Event
    on: date
    left: int | None
    capacity: int | None
    why: Why | None = None


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
    found = db.scalars(
        coming_query(now)
        .where(Event.invited_only.is_(False), visibility.shown_to(None))
        .limit(limit)
    )
    return [_coming(event, zone) for event in found]


def picked_for(
    db: Session,
    account: Account,
    owner_id: int,
    *,
    zone: ZoneInfo,
    now: datetime,
    limit: int,
) -> list[Coming]:
    """Events the owner could go to and has not signed up for, in the order of the programme: what
    speaks to them first, each with its reason, or plainly the next ones where they chose so."""
    signed_up = select(Registration.event_id).where(
        Registration.owner_id == owner_id, Registration.state.in_(ACTIVE)
    )
    query = coming_query(now).where(
        Event.invited_only.is_(False),
        Event.id.not_in(signed_up),
        visibility.shown_to(visibility.reader_of(db, owner_id)),
    )
    tastes = picking.tastes_of(db, owner_id, zone=zone, now=now)
    events = [one for one in db.scalars(query.limit(LOOKED_AT)) if picking.open_to(one, tastes)]
    if not account.picks_events:
        return [_coming(event, zone) for event in events[:limit]]
    picked = picking.picked(events, tastes)[:limit]
    return [_coming(event, zone, picking.why(event, tastes)) for event in picked]


def _coming(event: Event, zone: ZoneInfo, why: Why | None = None) -> Coming:
    left, capacity = places_left(event)
    return Coming(event, shop_day(event.starts_at, zone), left, capacity, why)


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
