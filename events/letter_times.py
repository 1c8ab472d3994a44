"""When an event reminds those who come, and thanks those who came: chosen by staff."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import Anchor, Event, EventState, LetterKind, LetterTime
from events.refusals import TimeRefused
from foundation import audit
from foundation.words import N_

MOST_REMINDERS = 6
LONGEST_BEFORE, LONGEST_AFTER = 60 * 24, 14 * 24
A_DAY_BEFORE, SOON_AFTER = -24, 2


def times_of(db: Session, event_id: int) -> list[LetterTime]:
    """The chosen moments: reminders from the earliest on, then the thanks."""
    found = db.scalars(select(LetterTime).where(LetterTime.event_id == event_id))
    return sorted(found, key=lambda one: (one.kind is LetterKind.THANKS, one.hours, one.id))


def add(
    db: Session,
    event: Event,
    kind: LetterKind,
    anchor: Anchor,
    hours: int,
    *,
    by: int | None,
    now: datetime,
) -> LetterTime:
    """One more reminder, so many hours before start or end (below zero), or the moment of thanks
    after the end, in the place of the one that was chosen. The same again changes nothing."""
    _check(event, kind, anchor, hours)
    chosen = [one for one in times_of(db, event.id) if one.kind is kind]
    same = next((one for one in chosen if (one.anchor, one.hours) == (anchor, hours)), None)
    if same is not None:
        return same
    if kind is LetterKind.THANKS:
        for one in chosen:
            db.delete(one)
    elif len(chosen) >= MOST_REMINDERS:
        raise TimeRefused(
            N_("An event has at most %(most)s reminders: take one away first."),
            most=MOST_REMINDERS,
        )
    made = LetterTime(event_id=event.id, kind=kind, anchor=anchor, hours=hours)
    db.add(made)
    _note(db, event, "letter-time.add", made, by, now)
    return made


def remove(db: Session, event: Event, time: LetterTime, *, by: int, now: datetime) -> None:
    """The event does not remind, or thank, at this moment any more."""
    db.delete(time)
    _note(db, event, "letter-time.remove", time, by, now)


def begin_with(db: Session, event: Event, *, now: datetime) -> None:
    """What a new event starts with: a reminder the day before, and thanks soon after."""
    day_before = (LetterKind.REMINDER, Anchor.START, A_DAY_BEFORE)
    for kind, anchor, hours in (day_before, (LetterKind.THANKS, Anchor.END, SOON_AFTER)):
        add(db, event, kind, anchor, hours, by=None, now=now)


def copy(db: Session, event: Event, made: Event) -> None:
    """The moments of an event for its copy."""
    for one in times_of(db, event.id):
        db.add(LetterTime(event_id=made.id, kind=one.kind, anchor=one.anchor, hours=one.hours))
    db.flush()


def _check(event: Event, kind: LetterKind, anchor: Anchor, hours: int) -> None:
    if event.state == EventState.CANCELLED:
        raise TimeRefused(N_("This event was cancelled: it sends no more letters."))
    if kind is LetterKind.THANKS:
        if anchor is not Anchor.END or not 0 <= hours <= LONGEST_AFTER:
            raise TimeRefused(N_("Thanks go out within 14 days after the end."))
        return
    if kind is not LetterKind.REMINDER:
        raise TimeRefused(N_("Only reminders and thanks have a time of their own."))
    if not -LONGEST_BEFORE <= hours <= -1:
        raise TimeRefused(N_("A reminder goes out from one hour to 60 days before."))
    if anchor is Anchor.END and event.ends_at + timedelta(hours=hours) >= event.starts_at:
        raise TimeRefused(N_("That would be after the event has begun. Please choose more time."))


def _note(
    db: Session, event: Event, act: str, time: LetterTime, by: int | None, now: datetime
) -> None:
    audit.record(
        db,
        act,
        "event",
        event.id,
        by=by,
        now=now,
        letter=time.kind.value,
        anchor=time.anchor.value,
        hours=time.hours,
    )
    db.flush()
