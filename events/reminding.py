"""Reminders before an event and thanks after it: once for each registration, by the clock.

A run that was missed is made up for, but nobody is reminded of what has begun, nor by night, nor
of what they signed up for, or were told of anew, later than the reminder was due. Of two that are
due, the later goes. A start that has moved is another start: it has reminders of its own.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from club import bonuses
from club.models import BonusKind
from events import deadlines, letters
from events.came import came
from events.letter_times import LONGEST_BEFORE
from events.models import (
    Anchor,
    Event,
    EventSession,
    EventState,
    LetterKind,
    LetterTime,
    Registration,
    RegistrationState,
)
from foundation import clock
from foundation.outbox import Letter
from members.models import Owner

BATCH = 200
SHIFT = timedelta(hours=24)
THANKS_FOR = timedelta(days=14)
THANKS_READ_FOR = timedelta(days=21)
_starts = func.coalesce(EventSession.starts_at, Event.starts_at, type_=Event.starts_at.type)
_ends = func.coalesce(EventSession.ends_at, Event.ends_at, type_=Event.ends_at.type)


def times_at_work(db: Session, *, now: datetime) -> list[int]:
    """The chosen moments of events that are near enough for a letter."""
    near = Event.starts_at < now + timedelta(hours=LONGEST_BEFORE) + SHIFT
    reminds = (LetterTime.kind == LetterKind.REMINDER) & (Event.ends_at > now) & near
    thanks = (
        (LetterTime.kind == LetterKind.THANKS)
        & (Event.starts_at < now)
        & (Event.ends_at > now - 2 * THANKS_FOR)
    )
    return list(
        db.scalars(
            select(LetterTime.id)
            .join(Event)
            .where(Event.state == EventState.PUBLISHED, or_(reminds, thanks))
            .order_by(LetterTime.id)
        )
    )


def post_batch(
    db: Session, time_id: int, *, after: int = 0, now: datetime
) -> tuple[int, int | None]:
    """Post what is due of one moment, to registrations behind `after`; how many, and the last
    one looked at, None at the end.

    The moment's row is held meanwhile: a second worker passes by, and what is posted stays so.
    """
    time = db.scalar(
        select(LetterTime)
        .where(LetterTime.id == time_id)
        .options(joinedload(LetterTime.event))
        .with_for_update(skip_locked=True, of=LetterTime)
    )
    if time is None or deadlines.next_waking_moment(db, time.event, now=now) > now:
        return 0, None
    found = db.scalars(_candidates(time, after, now).limit(BATCH)).all()
    siblings = db.scalars(
        select(LetterTime).where(
            LetterTime.event_id == time.event_id, LetterTime.kind == LetterKind.REMINDER
        )
    ).all()
    posted = 0
    for registration in found:
        if time.kind is LetterKind.THANKS:
            posted += _thank(db, time, registration, now)
        else:
            posted += _remind(db, time, siblings, registration, now)
    db.flush()
    return posted, found[-1].id if len(found) == BATCH else None


def due_at(db: Session, time: LetterTime, registration: Registration) -> datetime:
    """When this registration's letter is due: at the chosen moment, or by day nearest to it, which
    is the evening before where the morning would be too late."""
    span = registration.session or registration.event
    begins = span.starts_at
    moment = (begins if time.anchor is Anchor.START else span.ends_at) + timedelta(hours=time.hours)
    waking = deadlines.next_waking_moment(db, registration.event, now=moment)
    if time.kind is LetterKind.THANKS or waking < begins:
        return waking
    return deadlines.last_waking_moment(db, registration.event, now=moment)


def _candidates(time: LetterTime, after: int, now: datetime) -> Select[Registration]:
    """Who may be told and was not: their own start lies ahead, or their own end behind."""
    query = (
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .outerjoin(EventSession, EventSession.id == Registration.session_id)
        .where(
            Registration.event_id == time.event_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.id > after,
            ~_told(time),
        )
        .options(
            joinedload(Registration.owner).joinedload(Owner.account),
            joinedload(Registration.event),
            joinedload(Registration.session),
        )
        .order_by(Registration.id)
    )
    shift = timedelta(hours=time.hours)
    if time.kind is LetterKind.THANKS:
        return query.where(came(), _ends <= now - shift, _ends > now - 2 * THANKS_FOR)
    edge = _starts if time.anchor is Anchor.START else _ends
    return query.where(_starts > now, edge <= now - shift + SHIFT)


def _told(time: LetterTime) -> ColumnElement[bool]:
    key = f"{time.kind.value}:" + cast(Registration.id, String)
    if time.kind is LetterKind.REMINDER:
        stamps = {one.id: _tail(time, one) for one in time.event.sessions}
        own = _tail(time, time.event)
        key += case(stamps, value=Registration.session_id, else_=own) if stamps else own
    return select(Letter.id).where(Letter.key == key).exists()


def _tail(time: LetterTime, span: Event | EventSession) -> str:
    """Thanks are said once, whenever; each reminder once for each start."""
    if time.kind is LetterKind.THANKS:
        return ""
    start = span.starts_at.astimezone(UTC)
    return f":{time.anchor.value}:{time.hours}:{start:%Y%m%dT%H%MZ}"


def _remind(
    db: Session,
    time: LetterTime,
    siblings: Sequence[LetterTime],
    registration: Registration,
    now: datetime,
) -> bool:
    due = due_at(db, time, registration)
    confirmed_at = registration.confirmed_at or registration.made_at
    if due > now or confirmed_at > due or letters.told_anew(db, registration, since=due):
        return False
    if any(due < due_at(db, other, registration) <= now for other in siblings):
        return False
    begins = (registration.session or registration.event).starts_at
    _post(db, time, registration, now, not_after=begins)
    return True


def _thank(db: Session, time: LetterTime, registration: Registration, now: datetime) -> bool:
    due = due_at(db, time, registration)
    if not due <= now <= due + THANKS_FOR:
        return False
    day = clock.shop_day(now, registration.event.shop.zone)
    points = bonuses.points_for(db, BonusKind.SURVEY, on=day)
    _post(db, time, registration, now, not_after=now + THANKS_READ_FOR, points=points)
    return True


def _post(
    db: Session,
    time: LetterTime,
    registration: Registration,
    now: datetime,
    *,
    not_after: datetime,
    **more: Any,
) -> None:
    letters.tell(
        db,
        registration,
        time.kind.value,
        key=f"{registration.id}{_tail(time, registration.session or registration.event)}",
        now=now,
        not_after=not_after,
        **more,
    )
