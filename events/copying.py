"""An event again at another time, with all its parts and nobody signed up."""

import uuid
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from events import documents, letter_times, letter_words, reserving, terms
from events.checks import bays, points
from events.gatherings import repeating as gathering_again
from events.models import (
    AgendaItem,
    CheckInStep,
    ChecklistItem,
    Event,
    EventHost,
    EventSession,
    Question,
    Quota,
    QuotaKind,
)
from events.planning import Plan
from events.trips import repeating
from foundation import audit, clock
from foundation.database import Base

TIMES = (
    "starts_at",
    "ends_at",
    "register_from",
    "register_until",
    "change_until",
    "cancel_until",
    "reserved_until",
)
Row = TypeVar("Row", bound=Base)


def repeat(db: Session, event: Event, *, by: int | None, now: datetime) -> Event:
    """Next year's edition as a draft: the same day of the week nearest to the same date."""
    zone = event.shop.zone
    first = event.starts_at.astimezone(zone)
    date = clock.add_months(first.date(), 12)
    apart = (first.weekday() - date.weekday() + 3) % 7 - 3
    starts_at = datetime.combine(date + timedelta(days=apart), first.time(), zone)
    made = copy(db, event, starts_at=starts_at, by=by, now=now)
    if event.edition is not None:
        made.edition = event.edition + 1
    db.flush()
    return made


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
    made.for_energies = list(event.for_energies)
    made.interests, made.asks_papers = list(event.interests), list(event.asks_papers)
    made.reserved = dict(event.reserved)
    made.agenda = [_again(AgendaItem, one, shift) for one in event.agenda]
    made.hosts = [_again(EventHost, one, shift) for one in event.hosts]
    made.steps = [_again(CheckInStep, one, shift) for one in event.steps]
    made.checklist = [_again(ChecklistItem, one, shift) for one in event.checklist]
    asked = {one.id: _again(Question, one, shift) for one in event.questions}
    made.questions = list(asked.values())
    sessions = {one.id: _again(EventSession, one, shift) for one in event.sessions}
    made.sessions = list(sessions.values())
    db.add(made)
    db.flush()
    terms.keep_wording(db, made, now=now)
    made.quotas = [
        _counted(quota, sessions.get(quota.session_id or 0), asked.get(quota.question_id or 0))
        for quota in event.quotas
        if quota.kind != QuotaKind.BELOW
    ]
    reserving.keep_places(db, made, by=by, now=now)
    bays.copy_plan(db, event, made)
    points.copy_points(db, event, made)
    documents.copy_to(db, event, made)
    letter_words.copy(db, event, made)
    letter_times.copy(db, event, made)
    repeating.copy_trip(db, event, made)
    gathering_again.copy_day(db, event, made)
    audit.record(db, "event.copy", "event", made.id, by=by, now=now, copied_from=event.id)
    db.flush()
    return made


def _counted(quota: Quota, session: EventSession | None, question: Question | None) -> Quota:
    """The same places of the copy, nothing of them taken."""
    return Quota(
        kind=quota.kind,
        tier=quota.tier,
        capacity=quota.capacity,
        choice=quota.choice,
        session_id=session.id if session else None,
        question_id=question.id if question else None,
    )


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
