"""Who kept a place and did not come: noted once, told, appealed, decided by people (R31)."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, check_in, jobs, letter_times, no_show_appeals, no_shows, survey
from events.checks import sheets, signing
from events.checks.sheets import Head, Mark
from events.models import (
    Anchor,
    CheckSheet,
    Colour,
    ContestClass,
    ContestRun,
    Event,
    EventState,
    LetterKind,
    Measure,
    NoShow,
    NoShowState,
    Registration,
    RollTick,
)
from events.refusals import SurveyRefused
from events.trips import roll_call
from foundation.outbox import Letter
from foundation.roles import Role
from members.models import Owner
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.entering import at_desk, visitor_of
from tests.events.at_the_desk import act, now, stored
from tests.events.travelling import make_car, make_trip, tick
from tests.events.workshop import book, make_check
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle

DAY = timedelta(days=1)


def sign_up(db: Session, event: Event, owner: Owner | None = None) -> Registration:
    return booking.register(db, event, owner or make_member(db), keys=KEYS, by=None, now=NOW)


def come(db: Session, event: Event, one: Registration) -> Any:
    return check_in.check_in(
        db, event, one.ticket, request_id=f"r{one.id}", by=None, now=event.starts_at
    )


def over(event: Event) -> datetime:
    """After the grace, in the middle of the night."""
    return event.ends_at + DAY + timedelta(hours=12)


def missed_by(db: Session, owner: Owner, days: int = 14) -> NoShow:
    """They miss an event to which somebody else came."""
    event = make_event(db, starts_at=NOW + timedelta(days=days))
    missing = sign_up(db, event, owner)
    come(db, event, sign_up(db, event))
    return no_shows.note(db, missing, now=over(event))


def test_the_job_notes_who_stayed_away_and_nobody_else(db: Session, sessions: Sessions) -> None:
    """R31: not who came, cancelled, was cancelled by staff, or waits; not of an event that was
    cancelled, has no check-in, is young or long over; red without the door_used condition, without
    the grace, and when cancelled registrations count. Run twice it notes once."""
    event = make_event(db, places=5)
    came, missing, cancelled, by_staff, undone = (sign_up(db, event) for _ in range(5))
    sign_up(db, event)
    booking.cancel(db, cancelled, by=None, now=NOW)
    booking.cancel(db, by_staff, as_staff=True, by=None, now=event.starts_at)
    come(db, event, came)
    check_in.undo(db, come(db, event, undone), by=None, now=event.starts_at)
    quiet, off, old = make_event(db), make_event(db), make_event(db, starts_at=NOW - 60 * DAY)
    for other in (quiet, off):
        sign_up(db, other)
    off.state = EventState.CANCELLED
    old_ones = [sign_up(db, make_event(db)) for _ in range(2)]
    for one in old_ones:
        one.event_id = old.id
    db.flush()
    assert jobs.note_no_shows(db, event.ends_at + timedelta(hours=23)) == "0 noted"
    assert jobs.note_no_shows(db, over(event)) == "2 noted"
    assert jobs.note_no_shows(db, over(event) + DAY) == "0 noted"
    with sessions() as again:
        found = again.scalars(select(NoShow).order_by(NoShow.registration_id)).all()
        assert [(one.registration_id, one.grade, one.state) for one in found] == [
            (missing.id, 1, NoShowState.COUNTED),
            (undone.id, 1, NoShowState.COUNTED),
        ]
        told = select(Letter).where(Letter.template == "events/no-show")
        letters = again.scalars(told).all()
        assert len(letters) == 2
        assert all(one.not_before and one.not_before >= over(event) for one in letters)


def test_who_was_seen_elsewhere_than_at_the_door_came(db: Session, sessions: Sessions) -> None:
    """R31: a signed check, a tick at a stop or a contest run is as good as the door; a sheet that
    is open and a tick that was taken back are not. All who came may answer the questions, and are
    thanked. Red for each part of `came` that is left out."""
    event = make_event(db)
    door, checked, ticked, ran, begun, back = (sign_up(db, event) for _ in range(6))
    come(db, event, door)
    stop = make_trip(db).stops[0].id
    car = make_vehicle(db, checked.owner).id
    for one, signed_at in ((checked, event.ends_at), (begun, None)):
        ids = {"registration_id": one.id, "event_id": event.id, "owner_id": one.owner_id}
        db.add(CheckSheet(**ids, vehicle_id=car, started_at=NOW, finished_at=signed_at))
    for number, (one, here) in enumerate(((ticked, True), (back, True), (back, False))):
        at = event.starts_at + timedelta(minutes=number)
        ids = {"registration_id": one.id, "stop_id": stop, "request_id": f"t{number}"}
        db.add(RollTick(**ids, here=here, happened_at=at, recorded_at=at))
    run = {"registration_id": ran.id, "in_class": ContestClass.FUEL, "metres": 1, "used": 1}
    db.add(ContestRun(event_id=event.id, noted_at=NOW, **run))
    letter_times.add(db, event, LetterKind.THANKS, Anchor.END, 2, by=None, now=NOW)
    jobs.remind_and_thank(db, event.ends_at + timedelta(hours=2))
    there = [door.id, checked.id, ticked.id, ran.id]
    assert thanked(db) == there
    for one in (checked, begun):
        answers = (db, one, dict.fromkeys(survey.Question, survey.Score.FINE))
        with nullcontext() if one is checked else pytest.raises(SurveyRefused):
            survey.answer(*answers, keys=KEYS, now=event.ends_at)
    assert jobs.note_no_shows(db, over(event)) == "2 noted"
    with sessions() as again:
        found = again.scalars(select(NoShow.registration_id).order_by(NoShow.registration_id))
        assert list(found) == [begun.id, back.id]


def thanked(db: Session) -> list[int]:
    """The registrations that a letter of thanks went to."""
    keys = db.scalars(select(Letter.key).where(Letter.template == "events/thanks"))
    return sorted(int(str(key).split(":")[1]) for key in keys)


def test_grades_count_twelve_months_and_no_excused_one(db: Session) -> None:
    """R31: first, second, third; an excused one and one of 13 months ago do not count; red without
    the window and without the states."""
    owner = make_member(db)
    first, second = missed_by(db, owner, 14), missed_by(db, owner, 40)
    assert (first.grade, second.grade) == (1, 2)
    no_show_appeals.excuse(db, first, "", by=None, now=NOW + 50 * DAY)
    assert missed_by(db, owner, 60).grade == 2
    assert missed_by(db, owner, 420).grade == 2
    assert missed_by(db, owner, 424).grade == 3


def test_a_word_is_answered_once(db: Session) -> None:
    owner = make_member(db)
    one = missed_by(db, owner)
    later = NOW + 20 * DAY
    with pytest.raises(no_show_appeals.NotForDecision):
        no_show_appeals.keep(db, one, "x", by=None, now=later)
    with pytest.raises(no_show_appeals.AppealRefused):
        no_show_appeals.appeal(db, one, "  ", by=None, now=later)
    no_show_appeals.appeal(db, one, "孩子生病", by=None, now=later)
    with pytest.raises(no_show_appeals.AppealRefused):
        no_show_appeals.appeal(db, one, "again", by=None, now=later)
    with pytest.raises(no_show_appeals.NotForDecision):
        no_show_appeals.keep(db, one, "", by=None, now=later)
    no_show_appeals.keep(db, one, "名额当天很紧张", by=None, now=later)
    no_show_appeals.excuse(db, one, "核实过了", by=None, now=later)
    assert (one.state, one.answer) == (NoShowState.EXCUSED, "核实过了")
    told = select(Letter.details).where(Letter.template == "events/no-show-decided")
    assert [said["excused"] for said in db.scalars(told.order_by(Letter.id))] == [False, True]


def test_a_late_mark_of_a_device_takes_it_back(db: Session) -> None:
    """R27, R31: the phone at the door came online after the grace; red without came_after_all."""
    event = make_event(db)
    late = sign_up(db, event)
    one = no_shows.note(db, late, now=over(event))
    come(db, event, late)
    assert one.state == NoShowState.EXCUSED
    assert no_shows.counted(db, late.owner_id, on=over(event).date()) == []


def test_a_late_sheet_or_tick_takes_it_back(db: Session, sessions: Sessions) -> None:
    """R31: a sheet signed, and a tick of a phone that was long without a network, after it was
    noted. Red when `finish`, and when `take`, leaves it."""
    check, drive = make_check(db, []), make_trip(db)
    checked = book(db, check)
    driver = make_car(db, drive)
    for one in (checked, driver):
        no_shows.note(db, one, now=over(one.event))
    late = over(drive.event) + DAY
    sheet = sheets.begin(db, checked, by=None, now=NOW)
    db.refresh(sheet, ["results"])
    every = [Mark(row.id, Colour.ABSENT) for row in sheet.results]
    sheets.fill(db, sheet, every, by=None, now=NOW)
    sheets.head(db, sheet, Head(43210), by=None, now=NOW)
    signing.finish(db, sheet, technician="周师傅", by=None, now=late)
    roll_call.take(db, drive, [tick(driver, drive.stops[0])], by=None, now=late)
    db.commit()
    with sessions() as other:
        noted = other.scalars(select(NoShow).order_by(NoShow.id)).all()
        assert [one.state for one in noted] == [NoShowState.EXCUSED] * 2


def test_only_a_person_decides_and_only_after_several(db: Session) -> None:
    """R31: nothing follows by itself; from the third on a measure may be set, and ends; red when
    the number is not compared."""
    owner, today = make_member(db), (NOW + 70 * DAY).date()
    for days in (14, 40):
        one = missed_by(db, owner, days)
    with pytest.raises(no_show_appeals.TooFew):
        no_show_appeals.decide_measure(db, one, Measure.CALL, by=None, now=NOW + 50 * DAY)
    one = missed_by(db, owner, 60)
    assert no_shows.measures_of(db, [owner.id], on=today) == {}
    no_show_appeals.decide_measure(db, one, Measure.LATER, by=None, now=NOW + 70 * DAY)
    assert no_shows.measures_of(db, [owner.id], on=today) == {owner.id: Measure.LATER}
    assert no_shows.measures_of(db, [owner.id], on=today + 200 * DAY) == {}
    no_show_appeals.excuse(db, one, "", by=None, now=NOW + 71 * DAY)
    assert no_shows.measures_of(db, [owner.id], on=today) == {}


def test_the_member_reads_it_and_says_why_and_the_desk_answers(app: Flask) -> None:
    """On the member's pages and at the desk; R60: nobody else's."""

    def missed(session: Session) -> NoShow:
        event = make_event(session, starts_at=now() - 3 * DAY)
        one = Registration(
            event=event, owner=make_member(session, "欧阳雪梅"), state="confirmed", made_at=NOW
        )
        session.add(one)
        session.flush()
        return no_shows.note(session, one, now=now())

    ident = stored(app, missed)
    with fresh(app) as session:
        one = session.get_one(NoShow, ident).registration
        mine, owner = f"/me/registrations/{one.id}", one.owner
        account, stranger = owner.account.id, make_member(session).account.id
        session.commit()
    member = visitor_of(app, account)
    assert 'id="missed"' in member.get("/me/registrations").get_data(as_text=True)
    assert 'id="missed"' not in visitor_of(app, stranger).get("/me/registrations").get_data(
        as_text=True
    )
    assert send(member, f"{mine}/appeal", mine, text=" ").status_code == 422
    assert send(member, f"{mine}/appeal", mine, text="孩子发烧").status_code == 303
    client = at_desk(app, Role.CARE_SPECIALIST)
    assert "孩子发烧" in client.get("/desk/no-shows").get_data(as_text=True)
    assert act(client, f"/desk/no-shows/{ident}/keep", answer="").status_code == 422
    assert act(client, f"/desk/no-shows/{ident}/measure", measure="call").status_code == 403
    assert act(at_desk(app), f"/desk/no-shows/{ident}/measure", measure="call").status_code == 422
    assert act(client, f"/desk/no-shows/{ident}/excuse", answer="祝孩子早日康复").status_code == 303
    assert "祝孩子早日康复" in member.get(mine).get_data(as_text=True)
