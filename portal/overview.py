"""The club in numbers today, from what is kept ready: no figure costs more as the club grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from club.models import Lot, TierCode
from events.models import Event, EventState, Registration, RegistrationState
from foundation.clock import add_months
from members.models import MemberFacts, Membership

MONTHS = 12
EVENTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its sign-ups: people with a place and those who wait."""

    event: Event
    confirmed: int
    people: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Members by tier; joins by month, the oldest first; points that are still to be used."""

    members: int
    tiers: dict[TierCode, int]
    points: int
    joins: list[tuple[date, int]]
    events: Sequence[EventRow]


def overview_of(db: Session, *, today: date) -> Overview:
    """The figures of a day."""
    tiers = _tiers(db)
    return Overview(
        members=sum(tiers.values()),
        tiers=tiers,
        points=int(db.scalar(select(func.sum(Lot.rest)).where(Lot.rest != 0)) or 0),
        joins=_joins(db, today),
        events=_events(db),
    )


def _tiers(db: Session) -> dict[TierCode, int]:
    tier = func.coalesce(MemberFacts.tier, TierCode.GENERAL.value)
    rows = db.execute(
        select(tier, func.count(Membership.owner_id))
        .outerjoin(MemberFacts, MemberFacts.owner_id == Membership.owner_id)
        .where(Membership.left_on.is_(None))
        .group_by(tier)
    )
    found = {row[0]: row[1] for row in rows}
    return {one: found.get(one.value, 0) for one in TierCode}


def _joins(db: Session, today: date) -> list[tuple[date, int]]:
    """How many joined in each of the last twelve months, this one included."""
    first = add_months(today.replace(day=1), 1 - MONTHS)
    starts = [add_months(first, n) for n in range(MONTHS + 1)]
    sums = [
        func.sum(case(((Membership.joined_on >= start) & (Membership.joined_on < end), 1), else_=0))
        for start, end in pairwise(starts)
    ]
    row = db.execute(select(*sums).where(Membership.joined_on >= first)).one()
    return [(start, int(count or 0)) for start, count in zip(starts, row, strict=False)]


def _events(db: Session) -> list[EventRow]:
    """The newest twelve events that are out, with what they drew."""
    held = Registration.state == RegistrationState.CONFIRMED
    waits = Registration.state == RegistrationState.WAITING
    rows = db.execute(
        select(
            Event,
            func.count(case((held, 1))),
            func.coalesce(func.sum(case((held, Registration.party_size), else_=0)), 0),
            func.count(case((waits, 1))),
        )
        .outerjoin(Registration, Registration.event_id == Event.id)
        .where(Event.state == EventState.PUBLISHED)
        .group_by(Event.id)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(EVENTS_SHOWN)
    )
    return [EventRow(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]
