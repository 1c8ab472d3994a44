"""An event again at another time, with all its parts and nobody signed up."""

import uuid
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from events.checks import bays, points
from events.models import (
    AgendaItem,
    CheckInStep,
    ChecklistItem,
    Event,
    EventSession,
    Question,
    Quota,
)
from events.planning import Plan
from foundation import audit
from foundation.database import Base

TIMES = ("starts_at", "ends_at", "register_from", "register_until", "change_until", "cancel_until")
Row = TypeVar("Row", bound=Base)


def copy(db: Session, event: Event, *, starts_at: datetime, by: int | None, now: datetime) -> Event:
    """A draft that starts at another moment; all its times keep their distance from the start."""
    shift = starts_at - event.starts_at
    made = Event(
        shop_id=event.shop_id,
        kind_id=event.kind_id,
        uid=str(uuid.uuid4()),
        copied_from_id=event.id,
        created_at=now,
        created_by_id=by,
        **Plan.of(event).values(),
    )
    _shift(made, shift)
    made.for_tiers, made.for_models = list(event.for_tiers), list(event.for_models)
    made.interests = list(event.interests)
    made.agenda = [_again(AgendaItem, one, shift) for one in event.agenda]
    made.steps = [_again(CheckInStep, one, shift) for one in event.steps]
    made.checklist = [_again(ChecklistItem, one, shift) for one in event.checklist]
    made.questions = [_again(Question, one, shift) for one in event.questions]
    sessions = {one.id: _again(EventSession, one, shift) for one in event.sessions}
    made.sessions = list(sessions.values())
    db.add(made)
    db.flush()
    for quota in event.quotas:
        session = sessions[quota.session_id] if quota.session_id else None
        made.quotas.append(
            Quota(
                kind=quota.kind,
                tier=quota.tier,
                capacity=quota.capacity,
                session_id=session.id if session else None,
            )
        )
    bays.copy_plan(db, event, made)
    points.copy_points(db, event, made)
    audit.record(db, "event.copy", "event", made.id, by=by, now=now, copied_from=event.id)
    db.flush()
    return made


def _again(kind: type[Row], row: Row, shift: timedelta) -> Row:
    columns = [column.key for column in inspect(kind).column_attrs]
    made = kind(**{name: getattr(row, name) for name in columns if name not in ("id", "event_id")})
    _shift(made, shift)
    return made


def _shift(thing: Base, shift: timedelta) -> None:
    for name in TIMES:
        moment: datetime | None = getattr(thing, name, None)
        if moment is not None:
            setattr(thing, name, moment + shift)
