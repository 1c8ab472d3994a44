"""Bays of the workshop: given, freed and moved with the booking; never two cars at once (R25)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events import booking, programme, sessions
from events.checks import bays, moving, placing
from events.checks.refusals import BayUnclear, NotThere, PlanUnclear, Taken
from events.lines import SessionLine
from events.models import BayJob, BusyCell, Registration, Resource
from foundation.outbox import Letter
from tests import making
from tests.conftest import Sessions
from tests.events.workshop import MORNING, book, cells_kept, jobs, make_bays, make_check
from tests.making import NOW


def test_each_booked_car_gets_a_bay_and_the_third_needs_one(db: Session) -> None:
    """40 + 20 minutes fill a slot of an hour; the place of the third stands all the same."""
    two = make_bays(db, 2)
    event = make_check(db, two)
    came = [book(db, event) for _ in range(3)]
    late = book(db, event, 1)
    assert jobs(db) == [
        (came[0].id, two[0].id, "09:00"),
        (came[1].id, two[1].id, "09:00"),
        (late.id, two[0].id, "10:00"),
    ]
    assert [one.id for one in db.scalars(placing.without_bay_query(event.id))] == [came[2].id]


def test_short_jobs_share_a_bay_within_the_slot(db: Session) -> None:
    one = make_bays(db, 1)
    event = make_check(db, one, job=20, buffer=10)
    for _ in range(3):
        book(db, event)
    assert [start for *_, start in jobs(db)] == ["09:00", "09:30"]


def test_a_car_with_a_plug_goes_to_the_high_voltage_bay(db: Session) -> None:
    plain, special = make_bays(db, 1)[0], make_bays(db, 1, does="high-voltage")[0]
    event = make_check(db, [special, plain])
    fuel, electric = book(db, event), book(db, event, energy="electric")
    assert {(who, bay) for who, bay, _ in jobs(db)} == {
        (fuel.id, plain.id),
        (electric.id, special.id),
    }


def test_a_cancelled_car_leaves_its_bay_to_the_next(db: Session) -> None:
    one = make_bays(db, 1)
    event = make_check(db, one)
    first, second = book(db, event), book(db, event)
    booking.cancel(db, first, by=None, now=NOW)
    assert jobs(db) == [(second.id, one[0].id, "09:00")]


def test_another_slot_brings_another_time_and_frees_the_first(db: Session) -> None:
    one = make_bays(db, 1)
    event = make_check(db, one)
    first, second = book(db, event), book(db, event)
    booking.change(db, first, session=event.sessions[1], by=None, now=NOW)
    assert jobs(db) == [(second.id, one[0].id, "09:00"), (first.id, one[0].id, "10:00")]


def test_a_slot_that_moves_takes_its_cars_along(db: Session) -> None:
    event = make_check(db, make_bays(db, 1), slots=1)
    booked, slot = book(db, event), event.sessions[0]
    later = SessionLine(slot.starts_at + timedelta(hours=3), slot.ends_at + timedelta(hours=3), 9)
    later = SessionLine(later.starts_at, later.ends_at, 9, id=slot.id)
    sessions.set_sessions(db, event, [later], by=None, now=NOW)
    assert [(who, start) for who, _, start in jobs(db)] == [(booked.id, "12:00")]


def test_slots_that_follow_each_other_move_together_and_each_car_keeps_a_bay(db: Session) -> None:
    """Each slot goes where the next one was, with its advisor; red when one slot is placed before
    the next one has left, and when the advisor is not carried along."""
    (bay,) = make_bays(db, 1)
    event, advisor = make_check(db, [bay], slots=3), making.make_staff(db).id
    booked = [book(db, event, slot) for slot in range(3)]
    with_advisor = {"bay_id": bay.id, "advisor_id": advisor, "by": None, "now": NOW}
    moving.move(db, booked[1], starts_at=event.sessions[1].starts_at, **with_advisor)
    hour = timedelta(hours=1)
    lines = [
        SessionLine(slot.starts_at + hour, slot.ends_at + hour, 9, id=slot.id)
        for slot in event.sessions
    ]
    sessions.set_sessions(db, event, lines, by=None, now=NOW)
    starts = ["10:00", "11:00", "12:00"]
    assert jobs(db) == [(one.id, bay.id, at) for one, at in zip(booked, starts, strict=True)]
    found = db.scalars(select(BayJob.advisor_id).order_by(BayJob.starts_at)).all()
    assert list(found) == [None, advisor, None]
    kept = select(func.count()).where(BusyCell.kind == Resource.ADVISOR)
    assert db.scalar(kept) == 12  # 40 + 20 minutes of five


def test_a_cancelled_event_leaves_all_bays_empty(db: Session) -> None:
    event = make_check(db, make_bays(db, 2))
    book(db, event)
    programme.cancel(db, event, reason="停电", by=None, now=NOW)
    assert (jobs(db), cells_kept(db)) == ([], 0)


def test_an_event_without_bays_asks_for_none(db: Session) -> None:
    event = make_check(db, [])
    assert book(db, event).state == "confirmed"
    assert jobs(db) == []


def test_a_car_is_in_one_bay_only(db: Session) -> None:
    """R25: one car booked twice in one hour, at two events; red when cars keep no cells."""
    two = make_bays(db, 2)
    owner = making.make_member(db, login=False)
    car = making.make_vehicle(db, owner)
    first = book(db, make_check(db, two), owner=owner, vehicle=car)
    book(db, make_check(db, two), owner=owner, vehicle=car)
    assert [who for who, *_ in jobs(db)] == [first.id]


def test_the_database_forbids_a_cell_twice(db: Session) -> None:
    """R25: whatever a form says; red without the unique key of busy_cell."""
    event = make_check(db, make_bays(db, 1))
    booked = book(db, event)
    kept = db.scalars(select(BusyCell).where(BusyCell.kind == Resource.BAY).limit(1)).one()
    again = {"kind": kept.kind, "resource_id": kept.resource_id, "cell": kept.cell}
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(insert(BusyCell), [again | {"job_id": kept.job_id}])
    assert booked.state == "confirmed"


def _letters(db: Session, registration: Registration) -> list[str]:
    found = select(Letter.template).where(Letter.recipient_id == registration.owner_id)
    return list(db.scalars(found.order_by(Letter.id)))


def test_staff_move_a_car_and_the_owner_hears_of_the_time(db: Session) -> None:
    two = make_bays(db, 2)
    event = make_check(db, two)
    booked = book(db, event)
    at = MORNING + timedelta(hours=1, minutes=5)
    moving.move(db, booked, bay_id=two[1].id, starts_at=at, by=None, now=NOW)
    assert jobs(db) == [(booked.id, two[1].id, "10:05")]
    assert booked.session_id == event.sessions[1].id
    assert _letters(db, booked) == ["events/registration-confirmed", "events/bay-moved"]


def test_another_bay_at_the_same_time_tells_nobody(db: Session) -> None:
    two = make_bays(db, 2)
    booked = book(db, make_check(db, two))
    moving.move(db, booked, bay_id=two[1].id, starts_at=MORNING, by=None, now=NOW)
    assert _letters(db, booked) == ["events/registration-confirmed"]


def test_a_busy_bay_advisor_or_time_without_a_slot_is_refused(db: Session) -> None:
    """R25: buffers count; red when span_of forgets the buffer."""
    two = make_bays(db, 2)
    event = make_check(db, two)
    first, second, advisor = book(db, event), book(db, event), making.make_staff(db).id
    place = {"by": None, "now": NOW}
    moving.move(
        db, first, bay_id=two[0].id, starts_at=MORNING, advisor_id=advisor, by=None, now=NOW
    )
    in_buffer, lunch = MORNING + timedelta(minutes=45), MORNING + timedelta(hours=4)
    for bay, at, who, no in (
        (two[0], in_buffer, None, Taken),
        (two[1], in_buffer, advisor, Taken),
        (two[1], lunch, None, NotThere),
    ):
        with pytest.raises(no), db.begin_nested():
            moving.move(db, second, bay_id=bay.id, starts_at=at, advisor_id=who, **place)  # type: ignore[arg-type]
    assert sorted(jobs(db)) == sorted(
        [(first.id, two[0].id, "09:00"), (second.id, two[1].id, "09:00")]
    )


def test_a_bay_with_cars_neither_rests_nor_leaves_the_plan(db: Session) -> None:
    two = make_bays(db, 2)
    event = make_check(db, two)
    book(db, event)
    with pytest.raises(BayUnclear):
        bays.keep_bay(
            db, two[0], name_zh="x", name_en=None, does=[], active=False, by=None, now=NOW
        )
    plan = {"job_minutes": 40, "buffer_minutes": 20}
    with pytest.raises(PlanUnclear):
        bays.set_plan(db, event, bay_ids=[two[1].id], by=None, now=NOW, **plan)


def test_bays_that_come_late_are_given_to_those_who_wait(db: Session) -> None:
    event = make_check(db, [])
    first, second = book(db, event), book(db, event)
    two = make_bays(db, 2)
    given = bays.set_plan(
        db,
        event,
        bay_ids=[one.id for one in two],
        job_minutes=30,
        buffer_minutes=0,
        by=None,
        now=NOW,
    )
    assert given == 2
    assert {who for who, *_ in jobs(db)} == {first.id, second.id}


def test_an_event_does_without_bays_while_none_is_booked(db: Session, sessions: Sessions) -> None:
    """Red when a booked car does not hold the plan. Cars booked afterwards get no bay."""
    event = make_check(db, make_bays(db, 1))
    made = book(db, event)
    with pytest.raises(PlanUnclear):
        bays.drop_plan(db, event, by=None, now=NOW)
    booking.cancel(db, made, by=None, now=NOW)
    bays.drop_plan(db, event, by=None, now=NOW)
    book(db, event)
    db.commit()
    with sessions() as fresh:
        assert bays.plan_of(fresh, event.id) is None
        assert jobs(fresh) == []
