"""The programme, an event's page and what a member does there, through a real client."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as sql_event
from sqlalchemy import select
from werkzeug.test import TestResponse

from events import questions
from events.lines import QuestionLine
from events.models import Event, QuestionKind, Registration, RegistrationState
from foundation import clock
from foundation.web.database import db, write
from tests import making
from tests.browsing import fresh, send
from tests.entering import visitor


@pytest.fixture
def soon(app: Flask) -> int:
    """The id of an event with one place, a week from now."""
    with app.app_context():
        write()
        starts = clock.now() + timedelta(days=7)
        event = making.make_event(db.session, places=1, starts_at=starts)
        db.session.commit()
        return event.id


def member(app: Flask, name: str) -> FlaskClient:
    return visitor(app, lambda session: making.make_account(session, joined(session, name)))


def joined(session: object, name: str) -> object:
    return making.make_member(session, name, login=False)  # type: ignore[arg-type]


def sign_up(client: FlaskClient, event_id: int, **more: object) -> TestResponse:
    form = {"vehicle_id": 0, "party_size": 1, **more}
    return send(client, f"/events/{event_id}/register", f"/events/{event_id}", **form)


def states(app: Flask, event_id: int) -> list[RegistrationState]:
    with fresh(app) as session:
        return list(
            session.scalars(
                select(Registration.state)
                .where(Registration.event_id == event_id)
                .order_by(Registration.id)
            )
        )


def test_a_member_signs_up_and_gets_a_ticket(app: Flask, soon: int) -> None:
    client = member(app, "周一")
    answer = send(client, f"/events/{soon}/register", f"/events/{soon}", vehicle_id=0, party_size=1)
    assert answer.status_code == 303
    ticket = client.get(answer.location)
    assert "ticket.png" in ticket.text
    assert states(app, soon) == [RegistrationState.CONFIRMED]


def test_who_comes_too_late_waits_and_sees_the_place_in_the_queue(app: Flask, soon: int) -> None:
    send(
        member(app, "周一"),
        f"/events/{soon}/register",
        f"/events/{soon}",
        vehicle_id=0,
        party_size=1,
    )
    second = member(app, "周二")
    answer = send(second, f"/events/{soon}/register", f"/events/{soon}", vehicle_id=0, party_size=1)
    assert "候补第 1 位" in second.get(answer.location).text
    assert states(app, soon) == [RegistrationState.CONFIRMED, RegistrationState.WAITING]


def test_a_freed_place_is_offered_and_taken_on_screen(app: Flask, soon: int) -> None:
    """R20, R21: the first cancels, the second accepts; red without serving the queue on cancel."""
    first, second = member(app, "周一"), member(app, "周二")
    for client in (first, second):
        send(client, f"/events/{soon}/register", f"/events/{soon}", vehicle_id=0, party_size=1)
    send(first, "/me/registrations/1/cancel", "/me/registrations/1")
    mine = second.get("/me/registrations").get_data(as_text=True)
    assert ("前接受" in mine, 'class="ticket"' in mine) == (True, False)
    send(second, "/me/registrations/2/accept", "/me/registrations")
    assert states(app, soon) == [RegistrationState.CANCELLED, RegistrationState.CONFIRMED]


def test_slots_say_what_is_free_also_when_changing(app: Flask) -> None:
    """Day by day; red without the sessions on the page of a registration."""
    with app.app_context():
        write()
        event = making.make_event(
            db.session, places=None, starts_at=clock.now() + timedelta(days=7)
        )
        for places, hours in ((3, 0), (7, 48)):
            making.make_session(db.session, event, places=places, hours=hours)
        db.session.commit()
        first = event.sessions[0].id
    client = member(app, "周一")
    page = client.get(f"/events/{event.id}").get_data(as_text=True)
    assert (page.count('class="session-day"'), "余 3 位" in page, "余 7 位" in page) == (
        2,
        True,
        True,
    )
    sign_up(client, event.id, session_id=first)
    page = client.get("/me/registrations/1").get_data(as_text=True)
    assert ("您的时段" in page, "余 7 位" in page) == (True, True)


def test_a_double_click_is_one_registration(app: Flask, soon: int) -> None:
    """R19: red without the look-up of the active registration."""
    client = member(app, "周一")
    form = {"vehicle_id": 0, "party_size": 1}
    one = send(client, f"/events/{soon}/register", f"/events/{soon}", **form)
    two = send(client, f"/events/{soon}/register", "/me/registrations/1", **form)
    assert (one.location, states(app, soon)) == (two.location, [RegistrationState.CONFIRMED])


def test_a_party_that_is_too_large_comes_back_with_what_was_typed(app: Flask, soon: int) -> None:
    client = member(app, "周一")
    answer = send(client, f"/events/{soon}/register", f"/events/{soon}", vehicle_id=0, party_size=9)
    assert answer.status_code == 422
    assert 'value="9"' in answer.text
    assert states(app, soon) == []


def test_a_stranger_reads_an_event_with_one_query(app: Flask, soon: int) -> None:
    """decisions.md, Measuring: the glance at the places and nothing else; red when the page of a
    stranger is rendered each time."""
    client = app.test_client()
    seen: list[str] = []
    with time_machine.travel(clock.now(), tick=False):  # a body is kept for its minute
        client.get(f"/events/{soon}")
        with app.app_context():
            sql_event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        answer = client.get(f"/events/{soon}")
    assert answer.status_code == 200
    assert seen == []


def test_places_left_are_live_on_the_page_of_a_stranger(app: Flask, soon: int) -> None:
    """Red when the places are kept with the body."""
    before = app.test_client().get(f"/events/{soon}", headers={"Accept-Language": "en"}).text
    send(
        member(app, "周一"),
        f"/events/{soon}/register",
        f"/events/{soon}",
        vehicle_id=0,
        party_size=1,
    )
    after = app.test_client().get(f"/events/{soon}", headers={"Accept-Language": "en"}).text
    assert ("1 place left" in before, "1 place left" in after) == (True, False)


def test_each_answer_has_a_nonce_of_its_own(app: Flask, soon: int) -> None:
    """Red when the nonce is kept with the body."""
    for _ in range(2):
        answer = app.test_client().get(f"/events/{soon}")
        nonce = answer.headers["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
        assert f'nonce="{nonce}"' in answer.text
        assert "nonce-mark" not in answer.text


def test_a_draft_does_not_exist_for_members(app: Flask) -> None:
    with app.app_context():
        write()
        event = making.make_event(db.session, state="draft")
        db.session.commit()
    assert member(app, "周一").get(f"/events/{event.id}").status_code == 404
    assert app.test_client().get(f"/events/{event.id}").status_code == 404


def test_a_missing_answer_names_the_question_in_the_readers_language(app: Flask, soon: int) -> None:
    """R66: red with the Chinese question for everybody."""
    with app.app_context():
        write()
        event = db.session.get_one(Event, soon)
        line = QuestionLine(QuestionKind.NUMBER, "几位吃素？", "How many vegetarians?")
        questions.set_questions(db.session, event, [line], by=None, now=clock.now())
        asked = event.questions[0].id
        db.session.commit()
    for language, question in (("en", "How many vegetarians?"), ("zh-Hans", "几位吃素？")):
        client = member(app, "林晓")
        send(client, "/language", "/me", language=language)
        answer = sign_up(client, soon, **{f"question_{asked}": "two"})
        assert (answer.status_code, question in answer.get_data(as_text=True)) == (422, True)


def test_the_form_asks_what_applies_and_shows_what_is_left(app: Flask) -> None:
    """R16, R66: a condition in words, a full room that cannot be picked, terms, a guardian; red
    when the form asks everybody for the room, or shows a full one as open."""
    with app.app_context():
        write()
        event = making.make_event(
            db.session,
            starts_at=clock.now() + timedelta(days=9),
            terms_zh="自负安全",
            terms_version=1,
        )
        stays = QuestionLine(QuestionKind.YES_NO, "过夜吗？", required=True)
        room = QuestionLine(
            QuestionKind.CHOICE,
            "房型",
            required=True,
            choices_zh=["双床房", "大床房"],
            limits=[1, 2],
            only_if=0,
            only_if_answer="yes",
        )
        questions.set_questions(db.session, event, [stays, room], by=None, now=clock.now())
        night, bed = (f"question_{one.id}" for one in event.questions)
        db.session.commit()
    form = {"terms": 1, "companions-0-age_band": "child", "companions-0-guardian": 0}
    first = member(app, "林晓")
    refused = sign_up(first, event.id, party_size=2, **{**form, night: "yes"})
    assert (refused.status_code, states(app, event.id)) == (422, [])
    taken = {**form, night: "yes", bed: "双床房"}
    assert sign_up(first, event.id, party_size=2, **taken).status_code == 303
    second = member(app, "赵国强")
    shown = second.get(f"/events/{event.id}").get_data(as_text=True)
    assert re.search(r'value="双床房" disabled>', shown)
    assert "只有在“过夜吗？”选了“是”时才需要回答" in shown
    assert sign_up(second, event.id, **{night: "no", bed: "双床房"}).status_code == 422  # no terms
    assert sign_up(second, event.id, **{night: "no", bed: "双床房", "terms": 1}).status_code == 303
    assert states(app, event.id) == [RegistrationState.CONFIRMED] * 2


def test_a_change_keeps_what_was_said_before(app: Flask) -> None:
    """Who looks after the child and the licence stay, and the same terms are accepted once; red
    when the form of a change begins without one of them."""
    with app.app_context():
        write()
        event = making.make_event(
            db.session,
            starts_at=clock.now() + timedelta(days=9),
            terms_zh="自负安全",
            terms_version=1,
            asks_papers=["licence_until"],
        )
        db.session.commit()
    mother = {"companions-0-name": "林母", "companions-1-age_band": "child"}
    party = {**mother, "companions-1-guardian": 1, "party_size": 3, "licence_until": "2099-05-01"}
    client = member(app, "林晓")
    address = sign_up(client, event.id, terms=1, **party).location
    shown = client.get(address).get_data(as_text=True)
    guardian = shown.partition('name="companions-1-guardian"')[2].partition("</select>")[0]
    assert '<option selected value="1">' in guardian
    assert 'value="2099-05-01"' in shown
    assert send(client, f"{address}/change", address, vehicle_id=0, **party).status_code == 303
    with fresh(app) as session:
        assert session.scalars(select(Registration.terms_version)).all() == [1]


def test_nobody_is_told_of_a_queue_that_is_empty(app: Flask, soon: int) -> None:
    first = member(app, "林晓")
    ticket = sign_up(first, soon).location
    assert "下一位" not in first.get(ticket).get_data(as_text=True)
    sign_up(member(app, "赵国强"), soon)
    assert "下一位" in first.get(ticket).get_data(as_text=True)


def test_a_change_in_a_tab_left_open_is_refused_in_words(app: Flask, soon: int) -> None:
    """Cancelled meanwhile: red when the page keeps the refusal to a form that it does not show."""
    client = member(app, "林晓")
    ticket = sign_up(client, soon).location
    assert send(client, f"{ticket}/cancel", ticket).status_code == 303
    late = send(client, f"{ticket}/change", "/me/account", vehicle_id=0, party_size=2)
    assert (late.status_code, "callout-signal" in late.text) == (422, True)


def test_a_registration_stands_under_events_in_the_bar(app: Flask, soon: int) -> None:
    client = member(app, "林晓")
    page = client.get(sign_up(client, soon).location).get_data(as_text=True)
    marked = re.findall(r'<a[^>]*href="([^"]*)"[^>]*aria-current="(?:page|true)"', page)
    assert set(marked) == {"/events"}
