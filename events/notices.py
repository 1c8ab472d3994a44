"""One notice to each who signed up, when an event moves or is cancelled, or their own place
changes (R29)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events import calendar, letters
from events.models import ACTIVE, Event, EventSession, Registration, RegistrationState
from foundation import outbox
from foundation.words import N_

MOVED = "event-move"


def event_moved(
    db: Session, event: Event, *, session: EventSession | None = None, now: datetime
) -> int:
    """Tell the new time and place, to those of one session where only that moved; how many.

    A notice of an earlier move that is still queued is not sent any more.
    """
    if session is None:
        outbox.withdraw(db, MOVED, event.id, why=N_("The event has moved again since."))
    told = 0
    for registration in _signed_up(db, event, session):
        letters.tell(
            db,
            registration,
            letters.MOVED,
            key=f"{registration.id}:{event.sequence}",
            cause=(MOVED, event.id),
            now=now,
            not_after=event.ends_at,
            calendar=_entry(registration, calendar.Method.PUBLISH, now),
        )
        told += 1
    return told


def event_cancelled(db: Session, event: Event, *, now: datetime) -> int:
    """Tell that the event does not take place; what else was on its way about it is withdrawn."""
    outbox.withdraw(db, MOVED, event.id, why=N_("The event was cancelled."))
    told = 0
    for registration in _signed_up(db, event, None):
        letters.forget(db, registration)
        letters.tell(
            db,
            registration,
            "event-cancelled",
            now=now,
            reason=event.cancel_reason or "",
            calendar=_entry(registration, calendar.Method.CANCEL, now),
        )
        told += 1
    return told


def registration_changed(db: Session, registration: Registration, *, now: datetime) -> None:
    """Tell the slot, the car and the party as they are now, in the place of what is queued.

    An offer that waits to be sent stays: it says until when it can be answered.
    """
    if registration.state != RegistrationState.OFFERED:
        letters.forget(db, registration)
    car = registration.vehicle
    letters.tell(
        db,
        registration,
        letters.CHANGED,
        key=f"{registration.id}:{registration.sequence}",
        now=now,
        not_after=(registration.session or registration.event).ends_at,
        car=" ".join(part for part in (car.model, car.plate) if part) if car else "",
        has_place=registration.state == RegistrationState.CONFIRMED,
        calendar=_entry(registration, calendar.Method.PUBLISH, now),
    )


def _signed_up(db: Session, event: Event, session: EventSession | None) -> Iterable[Registration]:
    query = (
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state.in_(ACTIVE))
        .options(joinedload(Registration.owner))
        .order_by(Registration.id)
    )
    if session is not None:
        query = query.where(Registration.session_id == session.id)
    return db.scalars(query).all()


def _entry(
    registration: Registration, method: calendar.Method, now: datetime
) -> dict[str, str] | None:
    """The entry that goes with the letter; only a confirmed place has one."""
    if registration.state != RegistrationState.CONFIRMED:
        return None
    text = calendar.of_registration(registration, method=method, now=now)
    return {"method": method, "body": text.decode()}
