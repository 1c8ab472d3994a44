"""The sessions of an event: slots with places of their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import notices, seats
from events.checks import placing
from events.lines import SessionLine
from events.models import Event, EventSession, EventState, QuotaKind, Registration
from events.parts import check_open, note, removed
from events.refusals import PlanRefused, SessionInUse
from foundation.words import N_

ASIDE = timedelta(days=36500)


def set_sessions(
    db: Session, event: Event, lines: Sequence[SessionLine], *, by: int | None, now: datetime
) -> None:
    """Other sessions with their places. One that people signed up for may move, and they are
    told (R29); it cannot be removed."""
    check_open(event)
    _check(event, lines)
    gone = removed(event.sessions, lines)
    if db.scalar(select(Registration.id).where(Registration.session_id.in_(gone)).limit(1)):
        raise SessionInUse(N_("People have signed up for a session that you removed."))
    event.quotas = [quota for quota in event.quotas if quota.session_id not in gone]
    db.flush()
    standing = {session.id: session for session in event.sessions}
    kept = [(standing.get(line.id or 0) or EventSession(), line) for line in lines]
    moved = [session for session, line in kept if _moves(session, line)]
    _step_aside(db, [*moved, *(standing[one] for one in gone)])
    event.sessions = [_filled(session, line) for session, line in kept]
    note(db, event, "sessions", by, now)
    for session, line in kept:
        seats.set_capacity(
            db, event, QuotaKind.SESSION, line.capacity, session=session, by=by, now=now
        )
    placing.follow_sessions(db, moved)
    if moved and event.state == EventState.PUBLISHED:
        event.sequence += 1
        for session in moved:
            notices.event_moved(db, event, session=session, now=now)


def _step_aside(db: Session, leaving: Sequence[EventSession]) -> None:
    """No two sessions of an event begin together, not even for the moment in which one takes the
    time that another one leaves."""
    for session in leaving:
        session.starts_at -= ASIDE
    db.flush()


def _moves(session: EventSession, line: SessionLine) -> bool:
    return session.id is not None and (session.starts_at, session.ends_at) != (
        line.starts_at,
        line.ends_at,
    )


def _filled(session: EventSession, line: SessionLine) -> EventSession:
    session.starts_at, session.ends_at = line.starts_at, line.ends_at
    session.name_zh, session.name_en = line.name_zh, line.name_en
    return session


def _check(event: Event, lines: Sequence[SessionLine]) -> None:
    if len({line.starts_at for line in lines}) < len(lines):
        raise PlanRefused(N_("Two sessions begin at the same time."))
    for line in lines:
        if line.ends_at <= line.starts_at:
            raise PlanRefused(N_("A session must end after it starts."))
        if line.starts_at < event.starts_at or line.ends_at > event.ends_at:
            raise PlanRefused(N_("Sessions lie within the time of the event."))
        if line.capacity is not None and line.capacity < 0:
            raise PlanRefused(N_("Places cannot be below zero."))
