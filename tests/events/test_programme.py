"""Planning, publishing, moving, cancelling, copying (R17, R29)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, copying, parts, programme, seats
from events import sessions as slots
from events.lines import ChecklistLine, SessionLine
from events.models import Event, EventState, Quota, QuotaKind, Registration, RegistrationState, Unit
from events.planning import Plan
from events.refusals import PlanRefused, SessionInUse
from foundation.outbox import Letter, LetterState
from tests.conftest import Sessions
from tests.making import (
    KEYS,
    NOW,
    make_event,
    make_event_kind,
    make_member,
    make_shop,
    make_vehicle,
)

START = NOW + timedelta(days=20)
PLAN = Plan(
    title_zh="冬季安全检测",
    place_zh="服务中心",
    starts_at=START,
    ends_at=START + timedelta(hours=8),
    unit=Unit.CAR,
)
HOUR = timedelta(hours=1)


def drafted(db: Session, plan: Plan = PLAN) -> Event:
    return programme.draft(db, make_shop(db), make_event_kind(db), plan, by=None, now=NOW)


def letters(db: Session, template: str) -> list[Letter]:
    query = select(Letter).where(Letter.template == f"events/{template}").order_by(Letter.id)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def slot(hours: int, capacity: int = 2, **more: int) -> SessionLine:
    starts = START + hours * HOUR
    return SessionLine(starts, starts + HOUR, capacity, **more)  # type: ignore[arg-type]


def test_the_seasonal_check_is_entered_without_code(db: Session, sessions: Sessions) -> None:
    """Nineteen items, slots with places of their own, a stock of gifts, one place per car."""
    event = drafted(db)
    lines = [ChecklistLine(f"项目{number}") for number in range(19)]
    parts.set_checklist(db, event, lines, by=None, now=NOW)
    slots.set_sessions(db, event, [slot(0), slot(1)], by=None, now=NOW)
    seats.set_capacity(db, event, QuotaKind.GIFT, 1, by=None, now=NOW)
    programme.publish(db, event, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        found = fresh.get_one(Event, event.id)
        assert (found.state, len(found.checklist)) == (EventState.PUBLISHED, 19)
        kinds = [(quota.kind, quota.capacity) for quota in found.quotas]
    assert kinds == [("cars", None), ("session", 2), ("session", 2), ("gift", 1)]


WRONG = [
    {"ends_at": START},
    {"title_zh": " "},
    {"party_limit": 0},
    {"register_until": START + timedelta(days=2)},
    {"register_from": START + HOUR},
    {"cancel_until": START + timedelta(days=2)},
    {"fee_fen": -1},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_plan_that_cannot_be_is_refused(db: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(PlanRefused):
        drafted(db, replace(PLAN, **wrong))  # type: ignore[arg-type]
    assert db.scalar(select(Event)) is None


def test_a_past_event_is_not_published(db: Session) -> None:
    event = drafted(db)
    with pytest.raises(PlanRefused):
        programme.publish(db, event, by=None, now=START + timedelta(days=1))
    assert event.state == EventState.DRAFT


def signed_up(db: Session, event: Event, number: int) -> list[Registration]:
    return [
        booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)
        for _ in range(number)
    ]


def moved(event: Event, starts_at: datetime) -> Plan:
    return replace(Plan.of(event), starts_at=starts_at, ends_at=starts_at + 5 * HOUR)


def test_everybody_gets_one_notice_of_a_moved_event(db: Session) -> None:
    """R29: also who waits, and only of the last move; red without the withdrawal."""
    event = make_event(db, places=1)
    uid, version = event.uid, event.version
    made = signed_up(db, event, 2)
    programme.change(db, event, moved(event, START), by=None, now=NOW)
    programme.change(db, event, moved(event, START + HOUR), by=None, now=NOW)
    queued = [one for one in letters(db, "event-moved") if one.state == LetterState.QUEUED]
    assert [one.recipient_id for one in queued] == [one.owner_id for one in made]
    assert {one.details["starts_at"] for one in queued} == {(START + HOUR).isoformat()}
    assert (event.uid, event.sequence, event.version) == (uid, 2, version + 2)


def test_other_words_move_nothing(db: Session) -> None:
    """R29: red when each change raises the sequence."""
    event = make_event(db)
    signed_up(db, event, 1)
    programme.change(db, event, replace(Plan.of(event), bring_zh="毛巾"), by=None, now=NOW)
    assert (event.sequence, letters(db, "event-moved")) == (0, [])


def test_a_cancelled_event_tells_everybody_and_ends_all(db: Session, sessions: Sessions) -> None:
    """R29: with METHOD:CANCEL for their calendar; red without the entry in the letter."""
    event = make_event(db, places=1)
    made = signed_up(db, event, 2)
    programme.cancel(db, event, reason="暴雨", by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        states = [fresh.get_one(Registration, one.id).state for one in made]
        told = letters(fresh, "event-cancelled")
        quota = fresh.scalars(select(Quota)).one()
    assert states == [RegistrationState.CANCELLED] * 2
    assert "METHOD:CANCEL" in told[0].details["calendar"]["body"]
    assert (len(told), quota.taken, quota.waiting) == (2, 0, 0)


def test_a_session_with_registrations_stays_and_may_move(db: Session) -> None:
    event = drafted(db)
    slots.set_sessions(db, event, [slot(0), slot(1)], by=None, now=NOW)
    programme.publish(db, event, by=None, now=NOW)
    first, second = event.sessions
    owner = make_member(db)
    booking.register(
        db,
        event,
        owner,
        vehicle=make_vehicle(db, owner),
        session=first,
        keys=KEYS,
        by=None,
        now=NOW,
    )
    with pytest.raises(SessionInUse):
        slots.set_sessions(db, event, [slot(1, id=second.id)], by=None, now=NOW)
    slots.set_sessions(db, event, [slot(2, id=first.id)], by=None, now=NOW)
    assert [one.id for one in event.sessions] == [first.id]
    assert (len(letters(db, "event-moved")), event.sequence) == (1, 1)


def test_a_copy_keeps_its_distances_and_nobody(db: Session) -> None:
    event = make_event(db, places=3, gifts=5, register_until=NOW + timedelta(days=10))
    signed_up(db, event, 2)
    made = copying.copy(db, event, starts_at=event.starts_at + timedelta(days=7), by=None, now=NOW)
    assert (made.state, made.sequence) == (EventState.DRAFT, 0)
    assert made.uid != event.uid
    assert made.register_until == NOW + timedelta(days=17)
    assert [(quota.capacity, quota.taken) for quota in made.quotas] == [(3, 0), (5, 0)]
