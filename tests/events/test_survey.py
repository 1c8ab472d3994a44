"""Three questions after an event (R58)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from club import ledger
from events import booking, check_in, survey
from events.models import (
    CheckIn,
    Event,
    Registration,
    SurveyTally,
    SurveyUse,
    SurveyWaiting,
    SurveyWords,
)
from events.refusals import SurveyRefused
from events.survey import Question, Score
from foundation import clock
from foundation.web.database import db as app_db
from foundation.web.database import write
from tests.browsing import fresh, send
from tests.conftest import Sessions
from tests.events.racing import race
from tests.making import KEYS, NOW, make_event, make_member

GOOD = dict.fromkeys(Question, Score.VERY_SATISFIED)
FINE = dict.fromkeys(Question, Score.FINE)


def guest(db: Session, event: Event) -> Registration:
    mine = booking.register(db, event, make_member(db), keys=KEYS, by=None, now=NOW)
    check_in.check_in(db, event, mine.ticket, request_id=str(mine.id), by=None, now=event.starts_at)
    return mine


def answer(db: Session, mine: Registration, scores: Any = GOOD, **more: Any) -> int:
    now = mine.event.ends_at + timedelta(hours=3)
    return survey.answer(db, mine, scores, keys=KEYS, now=now, **more)


def test_a_link_counts_once_and_brings_points_once(db: Session) -> None:
    """R58: red without the mark of use; twenty points by the club's rules."""
    mine = guest(db, make_event(db))
    before = ledger.balance(db, mine.owner_id)
    assert answer(db, mine) == 20
    with pytest.raises(SurveyRefused):
        answer(db, mine, FINE)
    assert ledger.balance(db, mine.owner_id) - before == 20
    assert survey.results(db, mine.event_id).answers == 1


def test_results_are_shown_from_five_answers_on(db: Session) -> None:
    """R58: means on the scale 40, 60, 100; red when four are shown."""
    event = make_event(db)
    guests = [guest(db, event) for _ in range(5)]
    for mine in guests[:4]:
        answer(db, mine)
    assert survey.results(db, event.id) == survey.Results(0, 4)
    answer(db, guests[4], {**FINE, Question.ORDER: Score.SATISFIED})
    found = survey.results(db, event.id)
    assert found.means == {Question.WELCOME: 88, Question.PROGRAMME: 88, Question.ORDER: 92}
    assert found.counts[Question.ORDER] == {40: 0, 60: 1, 100: 4}


def test_two_looks_never_differ_by_fewer_than_five_answers(db: Session) -> None:
    """R58: a difference is a group too, on the page and in the tables; red when each answer is
    counted as it comes."""
    event = make_event(db, places=11)
    looks, rows = [], []
    for turn in range(11):
        answer(db, guest(db, event), FINE if turn % 2 else GOOD)
        looks.append(survey.results(db, event.id))
        tally = db.scalars(select(SurveyTally.number)).all()
        rows.append(sum(tally) // 3)
    assert [one.counted for one in looks] == [0] * 4 + [5] * 5 + [10] * 2
    assert rows == [0] * 4 + [5] * 5 + [10] * 2
    assert [one.waiting for one in looks] == [1, 2, 3, 4, 0] * 2 + [1]
    assert looks[4].counts[Question.ORDER] == {40: 2, 60: 0, 100: 3}
    assert {str(looks[turn].means) for turn in range(4, 9)} == {str(looks[4].means)}
    assert looks[9].counts[Question.ORDER] == {40: 5, 60: 0, 100: 5}


def test_no_row_ties_a_score_to_a_person(db: Session) -> None:
    """R58: the tables hold no registration beside a score, and a lone answer waits sealed; red
    when it waits as it is, and when the mark of use names the registration or stands in its
    link."""
    mine = Registration(
        id=987654, event=make_event(db), owner=make_member(db), state="confirmed", made_at=NOW
    )
    db.add(mine)
    db.flush()
    db.add(CheckIn(registration_id=mine.id, request_id="a", happened_at=NOW, recorded_at=NOW))
    answer(db, mine)
    (use,) = db.scalars(select(SurveyUse)).all()
    assert str(mine.id) not in use.key
    assert use.key not in survey.path_of(["link-key" * 4], mine.id)
    columns = {column.key for column in inspect(SurveyTally).columns}
    assert columns == {"id", "event_id", "question", "score", "number"}
    assert db.scalars(select(SurveyWords)).all() == []
    (waits,) = db.scalars(select(SurveyWaiting)).all()
    assert (waits.number, "100" in waits.sealed) == (1, False)
    assert db.scalars(select(SurveyTally)).all() == []


def test_words_stand_under_a_name(db: Session) -> None:
    mine = guest(db, make_event(db))
    answer(db, mine, words="  路书写得很清楚。 ")
    assert survey.words_of(db, mine.event_id) == [(mine, "路书写得很清楚。")]


@pytest.mark.parametrize("scores", [{}, {Question.ORDER: Score.FINE}])
def test_all_three_are_wanted(db: Session, scores: dict[Question, Score]) -> None:
    with pytest.raises(SurveyRefused):
        answer(db, guest(db, make_event(db)), scores)


def test_who_was_not_there_is_not_asked(db: Session) -> None:
    mine = booking.register(db, make_event(db), make_member(db), keys=KEYS, by=None, now=NOW)
    with pytest.raises(SurveyRefused):
        answer(db, mine)


def reply(sessions: Sessions, registration_id: int) -> bool:
    with sessions() as db:
        try:
            answer(db, db.get_one(Registration, registration_id))
        except SurveyRefused:
            return False
        db.commit()
        return True


def test_the_same_link_in_several_windows_counts_once(
    sessions: Sessions, database_url: str
) -> None:
    """R58: real processes; red when the use is looked for and then noted."""
    with sessions() as db:
        mine = guest(db, make_event(db))
        db.commit()
    found = race(database_url, [(reply, (mine.id,))] * 4)
    with sessions() as db:
        waiting = db.scalars(select(SurveyWaiting.number)).all()
    assert (sorted(found), waiting) == ([False, False, False, True], [1])


def test_five_who_answer_at_once_are_all_counted(sessions: Sessions, database_url: str) -> None:
    """R58: real processes, ten of them; red when what waits is read without holding it."""
    with sessions() as db:
        event = make_event(db)
        ids = [guest(db, event).id for _ in range(10)]
        event_id = event.id
        db.commit()
    assert race(database_url, [(reply, (one,)) for one in ids]) == [True] * 10
    with sessions() as db:
        found = survey.results(db, event_id)
    assert (found.counted, found.waiting, found.counts[Question.ORDER][100]) == (10, 0, 10)


@pytest.fixture
def link(app: Flask) -> str:
    """The address of somebody who was at an event yesterday."""
    with app.app_context():
        write()
        now: datetime = clock.now()
        event = make_event(app_db.session, starts_at=now - timedelta(days=1))
        mine = booking.register(
            app_db.session,
            event,
            make_member(app_db.session),
            keys=KEYS,
            by=None,
            now=now - timedelta(days=2),
        )
        check_in.check_in(
            app_db.session, event, mine.ticket, request_id="x", by=None, now=event.starts_at
        )
        app_db.session.commit()
        return survey.path_of(app.extensions["club_settings"].link_keys, mine.id)


def test_a_guest_answers_without_signing_in(app: Flask, link: str) -> None:
    """Words without a name come back with what was typed; then the answer counts, once."""
    client = app.test_client()
    typed = {question.value: "60" for question in Question}
    back = send(client, link, words="很好", **typed)
    assert (back.status_code, back.get_data(as_text=True).count(" checked")) == (422, 3)
    assert "很好" in back.get_data(as_text=True)
    done = send(client, link, words="很好", named="1", **typed)
    assert (done.status_code, done.location) == (303, link)
    again = client.get(link).get_data(as_text=True)
    assert "textarea" not in again
    with fresh(app) as session:
        assert session.scalars(select(SurveyWords.words)).all() == ["很好"]


@pytest.mark.parametrize("change", [lambda path: path[:-2], lambda path: path[:9]])
def test_a_link_that_is_not_ours_says_so(app: Flask, link: str, change: Any) -> None:
    assert app.test_client().get(change(link)).status_code == 422
