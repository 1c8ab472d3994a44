"""A change of one's own place is told by letter, once, in the place of what is queued (R29)."""

from datetime import timedelta

import icalendar
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, questions
from events.lines import QuestionLine
from events.models import QuestionKind, Registration
from events.models import RegistrationState as S
from foundation.outbox import Letter
from foundation.web.letters import render
from tests.making import KEYS, NOW, make_event, make_member, make_session, make_vehicle

HOUR = timedelta(hours=1)


def posted(db: Session, mine: Registration) -> list[tuple[str, str]]:
    query = select(Letter).where(Letter.recipient_id == mine.owner_id).order_by(Letter.id)
    found = db.scalars(query.execution_options(populate_existing=True))
    return [(one.key, one.state.value) for one in found]


def test_a_changed_slot_car_or_party_is_told_and_an_answer_is_not(db: Session) -> None:
    """The queued confirmation tells the old slot, so it is withdrawn; each change has its letter
    with the entry at the new time. Red without the notice, without the withdrawing, without a
    key of its own for each change, and when any change is told."""
    event = make_event(db, places=None, ends_at=NOW + timedelta(days=15))
    line = QuestionLine(QuestionKind.TEXT, "备注")
    questions.set_questions(db, event, [line], by=None, now=NOW)
    early, later = (make_session(db, event, places=3, hours=hours) for hours in (0, 2))
    owner = make_member(db, email="wang@club.example")
    mine = booking.register(db, event, owner, session=early, keys=KEYS, by=None, now=NOW)
    first, changed = f"registration-confirmed:{mine.id}", f"registration-changed:{mine.id}"
    asked = {event.questions[0].id: "靠窗"}
    booking.change(db, mine, answers=asked, by=None, now=NOW)
    booking.change(db, mine, session=early, by=None, now=NOW)
    assert posted(db, mine) == [(first, "queued")]
    booking.change(db, mine, session=later, by=None, now=NOW)
    booking.change(db, mine, vehicle=make_vehicle(db, owner), by=None, now=NOW)
    booking.change(db, mine, party_size=2, by=None, now=NOW)
    assert posted(db, mine) == [
        (first, "skipped"),
        *((f"{changed}:{number}", "skipped") for number in (1, 2)),
        (f"{changed}:3", "queued"),
    ]
    letter = db.scalars(select(Letter).where(Letter.key == f"{changed}:3")).one()
    (entry,) = icalendar.Calendar.from_ical(letter.details["calendar"]["body"]).walk("VEVENT")
    assert (entry["DTSTART"].dt, entry["SEQUENCE"]) == (later.starts_at, 3)
    assert letter.details["starts_at"] == later.starts_at.isoformat()


def test_who_waits_is_told_without_a_ticket(db: Session) -> None:
    event = make_event(db, places=1)
    booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)
    waits = booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)
    car = make_vehicle(db, waits.owner)
    booking.change(db, waits, vehicle=car, by=None, now=NOW)
    letter = db.scalars(select(Letter).where(Letter.template.endswith("changed"))).one()
    assert waits.state == S.WAITING
    assert (letter.details["has_place"], letter.details["calendar"]) == (False, None)


def test_the_words_tell_the_change_in_both_languages(app: Flask, db: Session) -> None:
    event = make_event(db)
    owner = make_member(db)
    mine = booking.register(db, event, owner, keys=KEYS, by=None, now=NOW)
    car = make_vehicle(db, owner, model="M5", plate="京A88888")
    booking.change(db, mine, vehicle=car, party_size=2, by=None, now=NOW)
    letter = db.scalars(select(Letter).where(Letter.template.endswith("changed"))).one()
    with app.test_request_context():
        chinese = render(letter)
        letter.language = "en"
        english = render(letter)
    assert "报名" in chinese.subject
    assert "车辆：M5 京A88888" in chinese.text
    assert "With the car: M5 京A88888" in english.text
    assert "For 2 people" in english.text
