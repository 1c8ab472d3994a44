"""The events of a period with what they drew, for the figures' front page."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from events.models import Event, EventState, Registration, RegistrationState
from foundation.clock import start_of
from foundation.periods import DAY, Period

EVENTS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its sign-ups: people with a place and those who wait."""

    event: Event
    confirmed: int
    people: int
    waiting: int


def events_of(db: Session, period: Period, zone: ZoneInfo) -> list[EventRow]:
    """The newest twelve events of a period that are out, with what they drew."""
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
        .where(
            Event.state == EventState.PUBLISHED,
            Event.starts_at >= start_of(period.first, zone),
            Event.starts_at < start_of(period.last + DAY, zone),
        )
        .group_by(Event.id)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(EVENTS_SHOWN)
    )
    return [EventRow(row[0], int(row[1]), int(row[2]), int(row[3])) for row in rows]
