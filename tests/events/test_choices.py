"""What an event asks: questions that depend on others, and choices that are counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from events import booking, choices, questions
from events.lines import QuestionLine
from events.models import Event, QuestionKind, Quota, Registration, RegistrationState
from events.refusals import AnswerMissing, ChoiceFull, PlanRefused
from events.standstill import why_nobody_was_offered
from tests.conftest import Sessions
from tests.events.counting import assert_counters_are_true
from tests.events.racing import race, register_all
from tests.making import KEYS, NOW, make_event, make_member

STAYS = QuestionLine(QuestionKind.YES_NO, "过夜吗？", required=True)
ROOM = QuestionLine(
    QuestionKind.CHOICE,
    "房型",
    required=True,
    choices_zh=["双床房", "大床房"],
    choices_en=["Twin", "Double"],
    limits=[1, None],
    only_if=0,
    only_if_answer="yes",
)
MEAL = QuestionLine(
    QuestionKind.CHOICE, "午餐", choices_zh=["素食", "套餐"], limits=[4, None], per_person=True
)


def asking(db: Session, *lines: QuestionLine, places: int | None = 10) -> Event:
    event = make_event(db, places=places)
    questions.set_questions(db, event, lines, by=None, now=NOW)
    return event


def sign_up(db: Session, event: Event, *answers: str, party: int = 1) -> Registration:
    """A new member with these answers, in the order of the questions."""
    given = {one.id: text for one, text in zip(event.questions, answers, strict=False)}
    owner = make_member(db, login=False)
    return booking.register(
        db, event, owner, party_size=party, answers=given, keys=KEYS, by=None, now=NOW
    )


def taken(event: Event, db: Session) -> dict[str | None, int]:
    db.flush()
    db.expire_all()
    return {row.choice: row.taken for row in event.quotas if row.choice}


def test_a_question_is_asked_of_those_it_applies_to(db: Session) -> None:
    """Red when the condition is left to the page: the room of who goes home would be counted."""
    event = asking(db, STAYS, ROOM)
    home = sign_up(db, event, "no", "双床房")
    with pytest.raises(AnswerMissing):
        sign_up(db, event, "yes", "")
    stays = sign_up(db, event, "yes", "Twin")
    db.flush()
    kept = [[answer.text for answer in one.answers] for one in (home, stays)]
    assert (kept, taken(event, db)) == ([["no"], ["yes", "双床房"]], {"双床房": 1})


def test_a_full_choice_is_refused_and_another_is_not(db: Session) -> None:
    """R16: nobody waits for a room, they choose another; red without choices.check."""
    event = asking(db, STAYS, ROOM)
    sign_up(db, event, "yes", "双床房")
    with pytest.raises(ChoiceFull), db.begin_nested():
        sign_up(db, event, "yes", "双床房")
    assert sign_up(db, event, "yes", "大床房").state == RegistrationState.CONFIRMED
    assert_counters_are_true(db, event.id)


def test_a_party_is_told_which_choice_is_short_and_what_is_left(db: Session) -> None:
    """R18: of three meals one is left, or too few there ever were; red when the event's places in
    all are named instead."""
    event = asking(db, replace(MEAL, limits=[3, None]))
    with pytest.raises(ChoiceFull, match=r"“素食.*: only 3 left"), db.begin_nested():
        sign_up(db, event, "素食", party=4)
    sign_up(db, event, "素食", party=2)
    with pytest.raises(ChoiceFull, match=r"“素食.*: only 1 left"), db.begin_nested():
        sign_up(db, event, "素食", party=2)
    sign_up(db, event, "素食")
    with pytest.raises(ChoiceFull, match=r"“素食.*all taken"):
        sign_up(db, event, "素食")


def test_each_of_the_party_eats(db: Session) -> None:
    """R18: a party that grows asks the kitchen for the difference only; red with one meal each."""
    event = asking(db, MEAL)
    made = sign_up(db, event, "素食", party=2)
    booking.change(db, made, party_size=4, by=None, now=NOW)
    assert taken(event, db) == {"素食": 4}
    with pytest.raises(ChoiceFull):
        sign_up(db, event, "素食")
    booking.change(db, made, answers={event.questions[0].id: "套餐"}, by=None, now=NOW)
    assert taken(event, db) == {"素食": 0}
    booking.cancel(db, made, by=None, now=NOW)
    assert_counters_are_true(db, event.id)


def test_who_waits_for_a_room_that_is_gone_holds_up_nobody(db: Session) -> None:
    """R20, R24: the desk reads why, others pass, and another choice is served in turn; red when
    changing the room sends its member to the end of the line."""
    event = asking(db, replace(ROOM, only_if=None, limits=[1, 9]), places=2)
    holder, leaver = sign_up(db, event, "大床房"), sign_up(db, event, "大床房")
    first = sign_up(db, event, "双床房")
    room = event.questions[0].id
    booking.change(db, holder, answers={room: "双床房"}, by=None, now=NOW)
    booking.cancel(db, leaver, by=None, now=NOW)
    db.expire_all()
    assert "choice" in why_nobody_was_offered(db, event, now=NOW)[1]
    assert [str(choices.gone(one)) for one in (first, holder)] == ["双床房", "None"]
    passing, third = sign_up(db, event, "大床房"), sign_up(db, event, "大床房")
    booking.change(db, first, answers={room: "大床房"}, by=None, now=NOW + timedelta(hours=1))
    booking.cancel(db, passing, by=None, now=NOW + timedelta(hours=1))
    states = [RegistrationState.OFFERED, RegistrationState.WAITING]
    assert [first.state, third.state] == states
    assert_counters_are_true(db, event.id)


def test_a_choice_that_somebody_has_keeps_its_name(db: Session) -> None:
    """Red when its quota goes with its name: the places would be given out again."""
    event = asking(db, MEAL)
    sign_up(db, event, "素食")
    (line,) = questions.standing_questions(event)
    other = replace(line, choices_zh=["全素", "套餐"])
    with pytest.raises(PlanRefused):
        questions.set_questions(db, event, [other], by=None, now=NOW)
    wider = replace(line, limits=[9, None])
    questions.set_questions(db, event, [wider], by=None, now=NOW)
    assert questions.standing_questions(event)[0].limits == [9, None]
    assert taken(event, db) == {"素食": 1}


def test_a_condition_names_an_answer_that_can_be_given(db: Session) -> None:
    later = [ROOM, STAYS]
    unknown = [STAYS, replace(ROOM, only_if_answer="也许")]
    for lines in (later, unknown):
        with pytest.raises(PlanRefused):
            questions.set_questions(db, make_event(db), lines, by=None, now=NOW)


def test_eight_processes_rush_for_three_rooms(
    db: Session, sessions: Sessions, database_url: str
) -> None:
    """R16: three have the room, the others are told that it is gone, and nobody waits for it; red
    when a choice is not among what a sign-up takes."""
    event = asking(db, replace(ROOM, only_if=None, limits=[3, None]))
    owners = [make_member(db, login=False).id for _ in range(8)]
    answers = {event.questions[0].id: "双床房"}
    db.commit()
    acts = [(register_all, (event.id, [owner], {"answers": answers})) for owner in owners]
    said = sorted(state for answer in race(database_url, acts) for state in answer)
    with sessions() as fresh:
        counted = {row.choice: row.taken for row in fresh.query(Quota).filter(Quota.choice > "")}
        assert_counters_are_true(fresh, event.id)
    assert (said, counted) == (["ChoiceFull"] * 5 + ["confirmed"] * 3, {"双床房": 3})
