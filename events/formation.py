"""Cars in formation: each has a place by number, and keeps it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from events.models import Event, EventSession, Registration, RegistrationState
from foundation import audit


def give_numbers(db: Session, event: Event, *, by: int | None, now: datetime) -> int:
    """A place for every confirmed car that has none, first come first; how many were given.

    Numbers that are given stay, and one that was given up is not given again: it may be painted
    on the ground.
    """
    db.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    last = db.scalar(
        select(func.max(Registration.formation_number)).where(Registration.event_id == event.id)
    )
    waiting = [one for one in _cars(db, event.id) if one.formation_number is None]
    for number, one in enumerate(waiting, start=(last or 0) + 1):
        one.formation_number = number
    if waiting:
        audit.record(db, "event.formation", "event", event.id, by=by, now=now, given=len(waiting))
    db.flush()
    return len(waiting)


def sheet(db: Session, event_id: int, *, by_plate: bool = False) -> list[Registration]:
    """The cars that have a place, by its number or by their plate."""
    placed = [one for one in _cars(db, event_id) if one.formation_number is not None]
    if by_plate:
        return sorted(placed, key=lambda one: (_plate(one), one.formation_number))
    return sorted(placed, key=lambda one: one.formation_number or 0)


def without_place(db: Session, event_id: int) -> int:
    """How many confirmed cars have none yet."""
    return sum(one.formation_number is None for one in _cars(db, event_id))


def _plate(one: Registration) -> str:
    return (one.vehicle.plate or "~") if one.vehicle else "~"


def _cars(db: Session, event_id: int) -> Sequence[Registration]:
    """Confirmed cars: those of an earlier slot first, then by when they had their place."""
    return db.scalars(
        select(Registration)
        .outerjoin(EventSession, EventSession.id == Registration.session_id)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.vehicle_id.is_not(None),
        )
        .options(
            joinedload(Registration.owner),
            joinedload(Registration.vehicle),
            joinedload(Registration.session),
        )
        .order_by(EventSession.starts_at, Registration.confirmed_at, Registration.id)
    ).all()
