"""What happened to an event, counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from events import quotas
from events.came import came
from events.models import Event, EventState, Registration, RegistrationState


def event_figures(db: Session, event: Event) -> dict[str, Any]:
    """Places of the event's unit, and registrations: who waits, in order, and who is confirmed,
    in order of confirmation. `taken` counts what is on offer too."""
    main = quotas.main_quota(event, event.quotas)
    return {
        "event": event.id,
        "capacity": main.capacity if main else None,
        "taken": main.taken if main else 0,
        "offered": len(_ids(db, event, RegistrationState.OFFERED)),
        "waiting": _ids(db, event, RegistrationState.WAITING),
        "confirmed": _ids(db, event, RegistrationState.CONFIRMED),
    }


def _ids(db: Session, event: Event, state: RegistrationState) -> list[int]:
    order = {
        RegistrationState.WAITING: Registration.queued_at,
        RegistrationState.OFFERED: Registration.offered_at,
        RegistrationState.CONFIRMED: Registration.confirmed_at,
    }[state]
    return list(
        db.scalars(
            select(Registration.id)
            .where(Registration.event_id == event.id, Registration.state == state)
            .order_by(order, Registration.id)
        )
    )


def no_shows(db: Session, event: Event, *, now: datetime) -> int:
    """How many with a place did not come; none before the event is over."""
    missing = no_shows_query(event, now=now).order_by(None)
    return db.scalar(missing.with_only_columns(func.count(Registration.id))) or 0


def no_shows_query(event: Event, *, now: datetime) -> Select[Registration]:
    """Who had a confirmed place at an event that took place, kept it, and did not come (R31).

    Whoever cancelled in time, or was cancelled by staff, has no confirmed place any more.
    """
    return (
        select(Registration)
        .join(Event)
        .where(
            Registration.event_id == event.id,
            Event.state == EventState.PUBLISHED,
            Event.ends_at < now,
            Registration.state == RegistrationState.CONFIRMED,
            ~came(),
        )
        .order_by(Registration.id)
    )
