"""The letters of an event at the desk, through a real client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from events.models import EventLetter, EventMessage, LetterKind, LetterTime
from foundation.outbox import Letter
from foundation.roles import Role
from tests.browsing import fresh, send
from tests.entering import at_desk
from tests.events.at_the_desk import make_running, sign_up, stored
from tests.making import make_event
from tests.reading import texts

WORDS = {
    "subject_zh": "明天见，{姓名}",
    "body_zh": "**{活动}** 请带雨伞。",
    "subject_en": "",
    "body_en": "",
}


@pytest.fixture
def event_id(app: Flask) -> int:
    """An event that begins in an hour, with one place taken and one who waits."""
    made: int = stored(app, lambda session: make_running(session, places=1))
    for name in ("林晓", "赵国强"):
        sign_up(app, made, name)
    return made


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return at_desk(app)


def test_moments_are_added_and_taken_away(app: Flask, manager: FlaskClient, event_id: int) -> None:
    url = f"/desk/events/{event_id}/letters"
    send(manager, f"{url}/times", url, kind="reminder", number="7", unit="days", anchor="start")
    send(manager, f"{url}/times", url, kind="thanks", number="2", unit="hours")
    with fresh(app) as session:
        found = session.scalars(select(LetterTime).order_by(LetterTime.id)).all()
        assert [(one.kind, one.hours) for one in found] == [
            (LetterKind.REMINDER, -168),
            (LetterKind.THANKS, 2),
        ]
    gone = send(manager, f"{url}/times/{found[0].id}/remove", url)
    assert gone.status_code == 303
    with fresh(app) as session:
        assert len(session.scalars(select(LetterTime)).all()) == 1
    for wrong in ("", "x", "99999", "-1", "²"):
        assert send(manager, f"{url}/times", url, number=wrong, unit="days").status_code == 422


def test_words_are_looked_at_then_kept_then_dropped(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    """Red when looking saves, or when the preview shows what is saved instead of what is typed."""
    url = f"/desk/events/{event_id}/letters/reminder"
    look = send(manager, url, look="1", **WORDS)
    assert texts(look.get_data(as_text=True), "letter-subject")[0] == "明天见，王小明"
    with fresh(app) as session:
        assert session.scalars(select(EventLetter)).all() == []
    assert send(manager, url, **WORDS).status_code == 303
    page = manager.get(url).get_data(as_text=True)
    assert texts(page, "letter-subject") == ["明天见，王小明", "明天见，Wang Xiaoming"]
    html = manager.get(f"{url}/html?language=en")
    assert "<strong>Spring drive</strong>" in html.get_data(as_text=True)
    assert "sandbox" in html.headers["Content-Security-Policy"]
    send(manager, f"{url}/test", url)
    send(manager, f"{url}/house", url)
    with fresh(app) as session:
        assert session.scalars(select(EventLetter)).all() == []
        test = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert test
        assert (test.template, test.recipient_kind) == ("events/reminder", "account")


def test_an_unknown_placeholder_comes_back_with_what_was_typed(
    manager: FlaskClient, event_id: int
) -> None:
    url = f"/desk/events/{event_id}/letters/offer"
    back = send(manager, url, **WORDS | {"body_zh": "{密码} 请看"})
    assert back.status_code == 422
    assert "{密码}" in texts(back.get_data(as_text=True), "error-summary")[0]
    assert "{密码} 请看" in back.get_data(as_text=True)


def test_a_message_is_written_looked_at_and_sent_once(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    """Who and how many are shown before; a second press is refused."""
    base = f"/desk/events/{event_id}/messages"
    none = send(manager, base, f"{base}/new", **WORDS)
    assert none.status_code == 422
    made = send(manager, base, f"{base}/new", audience=["registered", "waiting"], **WORDS)
    page = manager.get(made.location).get_data(as_text=True)
    assert ("林晓" in page, "赵国强" in page, "发送给 2 人" in page) == (True, True, True)
    changed = send(manager, f"{made.location}/edit", audience="waiting", **WORDS)
    page = manager.get(changed.location).get_data(as_text=True)
    assert ("林晓" in page, "赵国强" in page) == (False, True)
    assert send(manager, f"{made.location}/send", made.location, seen="1").status_code == 303
    again = send(manager, f"{made.location}/send", made.location, seen="1")
    assert again.status_code == 422
    with fresh(app) as session:
        found = session.scalars(select(EventMessage)).one()
        letters = session.scalars(select(Letter).where(Letter.template == "events/message")).all()
        assert (found.recipients, len(letters)) == (1, 1)


def test_a_draft_can_be_tried_and_discarded(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    base = f"/desk/events/{event_id}/messages"
    made = send(manager, base, f"{base}/new", audience="registered", **WORDS)
    assert send(manager, f"{made.location}/test", made.location).status_code == 303
    assert manager.get(f"{made.location}/html?language=zh-Hans").status_code == 200
    assert send(manager, f"{made.location}/discard", made.location).status_code == 303
    assert manager.get(made.location).status_code == 404
    with fresh(app) as session:
        assert session.scalars(select(EventMessage)).all() == []


def test_things_of_another_event_do_not_exist(
    app: Flask, manager: FlaskClient, event_id: int
) -> None:
    """Red when the event of an address is not compared with its thing."""
    other = stored(app, lambda session: make_event(session))
    base, url = f"/desk/events/{event_id}/messages", f"/desk/events/{event_id}/letters"
    made = send(manager, base, f"{base}/new", audience="registered", **WORDS)
    send(manager, f"{url}/times", url, kind="thanks", number="2", unit="hours")
    number = made.location.rsplit("/", 1)[-1]
    assert manager.get(f"/desk/events/{other}/messages/{number}").status_code == 404
    with fresh(app) as session:
        time = session.scalars(select(LetterTime)).one().id
    gone = send(manager, f"/desk/events/{other}/letters/times/{time}/remove", url)
    assert gone.status_code == 404
    assert manager.get(f"{url}/nothing").status_code == 404


def test_who_may_not_publish_reads_and_does_not_write(app: Flask, event_id: int) -> None:
    """A published event's letters are changed by who may publish; red with EVENT_EDIT alone."""
    marketing = at_desk(app, Role.MARKETING)
    url = f"/desk/events/{event_id}/letters"
    assert marketing.get(f"{url}/reminder").status_code == 200
    assert send(marketing, f"{url}/reminder", url, **WORDS).status_code == 403
    assert marketing.get(f"/desk/events/{event_id}/messages/new").status_code == 403
