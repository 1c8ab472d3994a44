"""What desk pages load, or answer 404."""

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from events.models import Event, EventKind, EventState, Registration
from foundation.roles import Permission
from foundation.web.access import may
from foundation.web.database import db


def planned_event(event_id: int) -> Event:
    """An event in any state."""
    event = db.session.scalar(
        select(Event).where(Event.id == event_id).options(joinedload(Event.kind))
    )
    return event or abort(404)


def event_to_edit(event_id: int) -> Event:
    """An event that the reader may change: what members see already, by who may publish."""
    event = planned_event(event_id)
    if event.state == EventState.PUBLISHED and not may(Permission.EVENT_PUBLISH):
        abort(403)
    return event


def kind_of(code: str | None) -> EventKind:
    """A kind of event by its code."""
    found = db.session.scalar(select(EventKind).where(EventKind.code == code))
    return found or abort(404)


def registration_of(event_id: int, registration_id: int) -> Registration:
    """A registration of this event."""
    found = db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.event_id == event_id)
        .options(joinedload(Registration.owner), joinedload(Registration.event))
    )
    return found or abort(404)
