"""Reminders and thanks by the clock: once, late, at night, two workers at once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, check_in, copying, jobs, letter_times, programme
from events import sessions as slots
from events.lines import SessionLine
from events.models import Anchor, Event, LetterKind, Registration
from events.planning import Plan
from events.refusals import TimeRefused
from foundation.outbox import Letter, LetterState
from tests.conftest import Sessions
from tests.events.racing import race
from tests.making import KEYS, NOW, make_event, make_member, make_session

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEVEN_DAYS, ONE_DAY = -7 * 24, -24


def remind(db: Session, event: Event, *hours: int, anchor: Anchor = Anchor.START) -> None:
    for number in hours:
        letter_times.add(db, event, LetterKind.REMINDER, anchor, number, by=None, now=NOW)


def thank(db: Session, event: Event, hours: int = 2) -> None:
    letter_times.add(db, event, LetterKind.THANKS, Anchor.END, hours, by=None, now=NOW)


def sign_up(db: Session, event: Event, *, now: datetime = NOW, **more: Any) -> Registration:
    return booking.register(db, event, make_member(db), keys=KEYS, by=None, now=now, **more)


def told(db: Session, template: str = "reminder") -> list[tuple[str, datetime]]:
    rows = db.execute(
        select(Letter.key, Letter.created_at)
        .where(Letter.template == f"events/{template}")
        .order_by(Letter.id)
    )
    return [(row.key, row.created_at) for row in rows]


def key(mine: Registration, hours: int) -> str:
    """The key of a reminder of the start as it is now."""
    starts_at = (mine.session or mine.event).starts_at
    return f"reminder:{mine.id}:start:{hours}:{starts_at:%Y%m%dT%H%MZ}"


def test_each_reminder_goes_once_when_it_is_due(db: Session) -> None:
    """Whatever runs in between; red when both reminders have one key."""
    event = make_event(db)
    remind(db, event, SEVEN_DAYS, ONE_DAY)
    mine = sign_up(db, event)
    week, day = event.starts_at - 7 * DAY, event.starts_at - DAY
    for moment in (week - HOUR, week, week + HOUR, day - HOUR, day, day + HOUR):
        jobs.remind_and_thank(db, moment)
        jobs.remind_and_thank(db, moment)
    assert told(db) == [
        (key(mine, -168), week),
        (key(mine, -24), day),
    ]


def test_a_missed_run_is_made_up_for_but_never_after_the_start(db: Session) -> None:
    """Of two that are late only the newer goes; red when both do, or when the start is no end."""
    late, begun = make_event(db), make_event(db, starts_at=NOW + 2 * DAY)
    for event in (late, begun):
        remind(db, event, SEVEN_DAYS, ONE_DAY)
    mine = sign_up(db, late)
    sign_up(db, begun)
    jobs.remind_and_thank(db, begun.starts_at + HOUR)
    moment = late.starts_at - HOUR
    jobs.remind_and_thank(db, moment)
    jobs.remind_and_thank(db, late.starts_at)
    assert told(db) == [(key(mine, -24), moment)]


def test_who_signed_up_after_it_was_due_is_not_reminded(db: Session) -> None:
    """They have just been confirmed; red without the look at when."""
    event = make_event(db)
    remind(db, event, SEVEN_DAYS)
    sign_up(db, event, now=event.starts_at - 3 * DAY)
    jobs.remind_and_thank(db, event.starts_at - 3 * DAY + HOUR)
    assert told(db) == []


def test_a_start_that_moved_is_reminded_of_again(db: Session) -> None:
    """Moved by a week after the reminder: once more before the new start, in the own slot too;
    red without the start in the key. Moved by an hour: the notice of that says it all; red
    without the look at what was told since."""
    event = make_event(db, places=None, ends_at=NOW + 15 * DAY)
    one = sign_up(db, event)
    slot = make_session(db, event, places=9, hours=3)
    two = sign_up(db, event, session=slot)
    remind(db, event, ONE_DAY)
    went = event.starts_at - DAY + 4 * HOUR
    jobs.remind_and_thank(db, went)
    before = [(key(one, ONE_DAY), went), (key(two, ONE_DAY), went)]
    hour = replace(Plan.of(event), starts_at=event.starts_at + HOUR)
    programme.change(db, event, hour, by=None, now=went + HOUR)
    jobs.remind_and_thank(db, went + 2 * HOUR)
    assert told(db) == before
    week = replace(hour, starts_at=event.starts_at + 7 * DAY, ends_at=event.ends_at + 7 * DAY)
    programme.change(db, event, week, by=None, now=went + 7 * HOUR)
    line = SessionLine(slot.starts_at + 7 * DAY, slot.ends_at + 7 * DAY, 9, id=slot.id)
    slots.set_sessions(db, event, [line], by=None, now=went + 7 * HOUR)
    again = slot.starts_at - DAY
    for moment in (again - 2 * HOUR, again, again + HOUR):
        jobs.remind_and_thank(db, moment)
    due = event.starts_at - DAY
    assert told(db) == [*before, (key(one, ONE_DAY), due), (key(two, ONE_DAY), again)]


def test_nobody_is_woken(db: Session) -> None:
    """Due at 23:00 it goes at 8:00; due at 3:00 before a start at 6:00 it went at 19:30 of the
    evening before; red when quiet hours are not asked."""
    night = make_event(db, starts_at=NOW.replace(day=10, hour=15))  # 23:00 in the shop
    early = make_event(db, starts_at=NOW.replace(day=19, hour=22))  # 6:00 of the 20th
    remind(db, night, ONE_DAY)
    remind(db, early, -3)
    one, two = sign_up(db, night), sign_up(db, early)
    for moment in (
        *(NOW.replace(day=9, hour=15), NOW.replace(day=9, hour=23, minute=59)),
        *(NOW.replace(day=10, hour=0), NOW.replace(day=19, hour=11, minute=29)),
        *(NOW.replace(day=19, hour=11, minute=30), NOW.replace(day=19, hour=19)),
    ):
        jobs.remind_and_thank(db, moment)
    assert told(db) == [
        (key(one, -24), NOW.replace(day=10, hour=0)),
        (key(two, -3), NOW.replace(day=19, hour=11, minute=30)),
    ]


def test_what_is_made_up_for_at_night_waits_for_the_morning(db: Session) -> None:
    """Due at noon, the machine stood still until ten in the evening; red when the night is not
    asked for at the moment of posting."""
    event = make_event(db)  # 16 March, noon in the shop
    remind(db, event, -48)
    mine = sign_up(db, event)
    for moment in (NOW.replace(day=14, hour=14), NOW.replace(day=15, hour=0)):
        jobs.remind_and_thank(db, moment)
    assert told(db) == [(key(mine, -48), NOW.replace(day=15, hour=0))]


def test_the_own_slot_counts_and_only_a_place_does(db: Session) -> None:
    """Red when the event's start is taken for the slot's, or when who waits is reminded."""
    event = make_event(db, places=None, ends_at=NOW + 20 * DAY)
    slot = make_session(db, event, places=1, hours=72)
    remind(db, event, ONE_DAY)
    mine = sign_up(db, event, session=slot)
    sign_up(db, event, session=slot)
    jobs.remind_and_thank(db, event.starts_at - DAY)
    jobs.remind_and_thank(db, slot.starts_at - DAY)
    assert told(db) == [(key(mine, -24), slot.starts_at - DAY)]


def test_a_cancelled_place_takes_its_reminder_along(db: Session) -> None:
    event = make_event(db)
    remind(db, event, ONE_DAY)
    mine = sign_up(db, event)
    jobs.remind_and_thank(db, event.starts_at - DAY)
    booking.cancel(db, mine, by=None, now=event.starts_at - DAY)
    letter = db.scalars(select(Letter).where(Letter.template == "events/reminder")).one()
    db.refresh(letter)
    assert letter.state is LetterState.SKIPPED
    other = make_event(db)
    remind(db, other, ONE_DAY)
    sign_up(db, other)
    programme.cancel(db, other, reason="大雪", by=None, now=NOW)
    jobs.remind_and_thank(db, other.starts_at - DAY)
    assert len(told(db)) == 1


def test_thanks_go_once_to_those_who_came(db: Session) -> None:
    """Red when who stayed away is thanked, or when another moment thanks again."""
    event = make_event(db)
    thank(db, event)
    came, _absent = sign_up(db, event), sign_up(db, event)
    check_in.check_in(db, event, came.ticket, request_id="a", by=None, now=event.starts_at)
    over = event.ends_at
    jobs.remind_and_thank(db, over + HOUR)
    jobs.remind_and_thank(db, over + 2 * HOUR)
    thank(db, event, 3)
    jobs.remind_and_thank(db, over + 4 * HOUR)
    assert told(db, "thanks") == [(f"thanks:{came.id}", over + 2 * HOUR)]


def test_thanks_that_are_late_by_weeks_are_not_said(db: Session) -> None:
    event = make_event(db)
    thank(db, event)
    came = sign_up(db, event)
    check_in.check_in(db, event, came.ticket, request_id="a", by=None, now=event.starts_at)
    jobs.remind_and_thank(db, event.ends_at + 16 * DAY)
    assert told(db, "thanks") == []


@pytest.mark.parametrize(
    ("kind", "anchor", "hours"),
    [
        (LetterKind.REMINDER, Anchor.START, 0),
        (LetterKind.REMINDER, Anchor.START, -1441),
        (LetterKind.REMINDER, Anchor.END, -5),  # it takes five hours
        (LetterKind.THANKS, Anchor.END, -1),
        (LetterKind.THANKS, Anchor.START, 1),
        (LetterKind.OFFER, Anchor.START, -1),
    ],
)
def test_a_moment_that_makes_no_sense_is_refused(
    db: Session, kind: LetterKind, anchor: Anchor, hours: int
) -> None:
    event = make_event(db)
    with pytest.raises(TimeRefused):
        letter_times.add(db, event, kind, anchor, hours, by=None, now=NOW)


def test_a_copy_keeps_the_moments_and_there_is_an_end_of_them(db: Session) -> None:
    event = make_event(db)
    remind(db, event, -1, -2, -3, -4, -5)
    remind(db, event, -6, anchor=Anchor.END)
    remind(db, event, -1)  # again
    with pytest.raises(TimeRefused):
        remind(db, event, -7)
    thank(db, event)
    made = copying.copy(db, event, starts_at=NOW + 400 * DAY, by=None, now=NOW)
    kept = [(one.kind, one.anchor, one.hours) for one in letter_times.times_of(db, made.id)]
    assert kept == [
        (one.kind, one.anchor, one.hours) for one in letter_times.times_of(db, event.id)
    ]
    assert len(kept) == 7


def work(sessions: Sessions, moment: datetime) -> str:
    with sessions() as db:
        return jobs.remind_and_thank(db, moment)


def test_two_workers_at_once_remind_once(sessions: Sessions, database_url: str) -> None:
    """R32 for reminders: real processes; red on PostgreSQL when the moment's row is not held."""
    with sessions() as db:
        event = make_event(db, places=None)
        remind(db, event, ONE_DAY)
        wanted = {key(sign_up(db, event), ONE_DAY) for _ in range(30)}
        moment = event.starts_at - DAY
        db.commit()
    race(database_url, [(work, (moment,))] * 3)
    with sessions() as db:
        work(sessions, moment)
        keys = [one for one, _at in told(db)]
    assert (len(keys), set(keys)) == (30, wanted)
