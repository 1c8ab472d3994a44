"""An event's letters in words of its own, as they are really written (R45)."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from events import (
    booking,
    letter_holes,
    letter_words,
    messages,
    no_show_appeals,
    no_shows,
    notices,
    programme,
)
from events.checks import moving
from events.letter_words import Words
from events.models import Audience, Event, EventMessage, LetterKind, Registration
from events.refusals import MessageRefused, WordsRefused
from foundation.outbox import Letter, Purpose, Rendered
from foundation.web.database import db, write
from foundation.web.letters import render
from outreach import wording
from tests.events.workshop import MORNING, book, make_bays, make_check, report
from tests.making import KEYS, NOW, make_event, make_member, make_staff

EVIL = "<b>{{7*7}}</b> *星* [点](http://evil.example) {event}\nBcc: x"
BY = 1


def words(body: str, subject: str = "致{姓名}", **english: Any) -> Words:
    return Words(subject, english.get("subject_en"), body, english.get("body_en"))


def spoken(app: Flask, letter: Letter) -> Rendered:
    with time_machine.travel(NOW, tick=False):  # this year's days are said without it
        return render(
            letter, **wording.values_for(db.session, letter, app.extensions["club_settings"])
        )


@pytest.fixture
def event(app: Flask) -> Any:
    with app.app_context():
        write()
        yield make_event(db.session, title_zh="春游", address="湖滨路 1 号")


def place(event: Event, name: str = "林晓", **fields: Any) -> Letter:
    """The letter that somebody gets who signs up."""
    owner = make_member(db.session, name, **fields)
    booking.register(db.session, event, owner, keys=KEYS, by=None, now=NOW)
    db.session.flush()
    return db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()  # type: ignore[return-value]


def write_words(event: Event, kind: LetterKind, said: Words) -> None:
    letter_words.keep(db.session, event, kind, said, by=BY, now=NOW)


def test_own_words_are_sent_and_else_the_houses(app: Flask, event: Event) -> None:
    """Both names of a hole are filled; red when the words of one kind are taken for all."""
    letter = place(event)
    assert (
        spoken(app, letter).subject == "您有名额了：春游" or "春游" in spoken(app, letter).subject
    )
    body = "**{姓名}**，{event}，{时间}，{place}，{地址}，{人数} 人。\n\n[门票]({链接})"
    write_words(event, LetterKind.CONFIRMED, words(body))
    said = spoken(app, letter)
    assert said.subject == "致林晓"
    path = f"http://localhost{letter.details['path']}"
    assert "林晓，春游，周一 3 月 16 日 12:00–17:00，云湖度假村，湖滨路 1 号，1 人。" in said.text
    assert said.text.count(path) == 1
    assert said.short.startswith("林晓，春游")
    assert "<strong>林晓</strong>" in said.html
    letter_words.use_house_words(db.session, event, LetterKind.CONFIRMED, by=BY, now=NOW)
    assert spoken(app, letter).subject != "致林晓"


def test_the_button_stands_beneath_where_no_link_was_written(app: Flask, event: Event) -> None:
    letter = place(event)
    write_words(event, LetterKind.CONFIRMED, words("好。"))
    said = spoken(app, letter)
    path = f"http://localhost{letter.details['path']}"
    assert (said.text.count(path), said.short) == (1, f"好。 {path}")
    assert f'href="{path}"' in said.html


def test_a_name_says_only_itself(app: Flask, event: Event) -> None:
    """R45: no tag, no link, no template, no further hole; red when a value is put into the
    Markdown as it is, or when holes are filled twice."""
    letter = place(event, EVIL)
    write_words(event, LetterKind.CONFIRMED, words("尊敬的{姓名}：欢迎", subject="{name}"))
    said = spoken(app, letter)
    line = "<b>{{7*7}}</b> *星* [点](http://evil.example) {event} Bcc: x"
    assert (said.subject, said.text.count(line)) == (line, 1)
    body = said.html[said.html.index("尊敬的") :]
    assert "<b>" not in body.partition("</p>")[0]
    assert "evil.example)" in body
    assert 'href="http://evil' not in said.html


@pytest.mark.parametrize(
    "body", ["{nmae}", "{{name}}", "{name.x}", "{config}", "{截止}", "[x]({password})", "{%x%}"]
)
def test_what_nothing_fills_is_refused(app: Flask, event: Event, body: str) -> None:
    """R45: never free template code; a hole of another letter is none here."""
    with pytest.raises(WordsRefused):
        write_words(event, LetterKind.CONFIRMED, words(body))
    assert letter_words.own_kinds(db.session, event.id) == set()


def test_every_kind_of_letter_can_be_said_and_shown(app: Flask, event: Event) -> None:
    """With all of its holes, in both languages; red when a kind has no template or button."""
    settings = app.extensions["club_settings"]
    for kind in LetterKind:
        for language in ("zh-Hans", "en"):
            details = letter_holes.sample_details(event, "林晓", language, now=NOW)
            letter = Letter(template=f"events/{kind.value}", details=details, language=language)
            house = render(letter, **wording.values_for(db.session, letter, settings))
            text = " ".join(f"{{{hole.code}}}" for hole in letter_holes.holes_of(kind))
            own = letter_words.framed(words(text), letter, link_keys=settings.link_keys)
            said = render(
                letter, **(wording.values_for(db.session, letter, settings) | {"own": own})
            )
            assert house.subject
            assert not re.search(r"[{}]", said.text + house.text)


def newest(template: str) -> Letter:
    query = select(Letter).where(Letter.template == f"events/{template}")
    return db.session.scalars(query.order_by(Letter.id.desc())).first()  # type: ignore[return-value]


def test_a_workshops_letters_say_the_events_words(app: Flask, event: Event) -> None:
    """The moved time, the changed car and the counts of the report, as each is really posted; red
    when the time of the event stands in the place of the car's, or a count is mixed up."""
    two = make_bays(db.session, 2)
    check = make_check(db.session, two)
    mine = book(db.session, check, plate="浙A12345", model="Model 3")
    for kind, body in (
        (LetterKind.BAY_MOVED, "改到{时间}。"),
        (LetterKind.CHANGED, "现在是{人数}人，{车辆}。"),
        (LetterKind.CHECK_READY, "{车牌}：{良好}/{近期}/{现在}"),
    ):
        letter_words.keep(db.session, check, kind, words(body), by=BY, now=NOW)
    at = MORNING + timedelta(hours=1, minutes=5)
    moving.move(db.session, mine, bay_id=two[1].id, starts_at=at, by=None, now=NOW)
    notices.registration_changed(db.session, mine, now=NOW)
    report(db.session, mine)
    assert spoken(app, newest("bay-moved")).short.startswith("改到周一 3 月 16 日 10:05–10:45。")
    assert spoken(app, newest("registration-changed")).short.startswith(
        "现在是1人，Model 3 浙A12345。"
    )
    ready = spoken(app, newest("check-ready"))
    assert ready.short == f"浙A12345：0/0/4 http://localhost/me/registrations/{mine.id}/check"


def test_letters_of_a_missed_event_say_the_events_words(app: Flask, event: Event) -> None:
    """Which way it was decided is a sentence in the reader's language; red when it is the same
    both ways."""
    placed = place(event)
    mine = db.session.get_one(Registration, placed.details["registration_id"])
    write_words(event, LetterKind.NO_SHOW, words("{次数} 次，{月数} 个月。"))
    said = words("{结论}{答复}", body_en="{decision} {answer}")
    write_words(event, LetterKind.NO_SHOW_DECIDED, said)
    later = event.ends_at + timedelta(days=2)
    missed = no_shows.note(db.session, mine, now=later)
    assert spoken(app, newest("no-show")).short.startswith("1 次，12 个月。")
    no_show_appeals.appeal(db.session, missed, "生病", by=None, now=later)
    no_show_appeals.keep(db.session, missed, "抱歉", by=BY, now=later)
    kept = newest("no-show-decided")
    assert spoken(app, kept).short == (
        "这次缺席仍保留在您的记录中。抱歉 http://localhost/me/registrations"
    )
    kept.language = "en"
    assert "The missed event stays in your list. 抱歉" in spoken(app, kept).text
    no_show_appeals.excuse(db.session, missed, "", by=BY, now=later)
    assert spoken(app, newest("no-show-decided")).short.startswith("这次缺席不再计入。")


def test_letters_of_bays_are_asked_for_where_there_are_bays(event: Event) -> None:
    check = make_check(db.session, make_bays(db.session, 1))
    bays = {LetterKind.BAY_MOVED, LetterKind.CHECK_READY}
    assert set(LetterKind) - set(letter_words.kinds_of(db.session, event)) == bays
    assert letter_words.kinds_of(db.session, check) == list(LetterKind)


def test_english_readers_get_english_where_it_was_written(app: Flask, event: Event) -> None:
    letter = place(event)
    letter.language = "en"
    write_words(event, LetterKind.CONFIRMED, words("中文。"))
    assert "中文。" in spoken(app, letter).text
    said = words("中文。", body_en="Dear {name}, {when}.", subject_en="Hello")
    write_words(event, LetterKind.CONFIRMED, said)
    assert "Dear 林晓, Mon 16 Mar 12:00–17:00." in spoken(app, letter).text


class Crowd:
    """Two with a place, one of them there, and one who waits."""

    def __init__(self) -> None:
        self.event = make_event(db.session, places=2)
        for name in ("甲", "乙", "丙"):
            place(self.event, name)
        self.by = make_staff(db.session).id

    def message(self, *audience: Audience, body: str = "{姓名}，请带雨伞。") -> EventMessage:
        return messages.draft(db.session, self.event, audience, words(body), by=self.by, now=NOW)

    def send(self, message: EventMessage, seen: int) -> int:
        return messages.send(db.session, message, seen=seen, by=self.by, now=NOW)


@pytest.fixture
def crowd(app: Flask) -> Any:
    with app.app_context():
        write()
        yield Crowd()


def sent(message: EventMessage) -> list[Letter]:
    query = select(Letter).where(Letter.cause_kind == "event-message")
    return list(db.session.scalars(query.order_by(Letter.id)))


def test_a_message_reaches_each_once_as_a_service_letter(app: Flask, crowd: Crowd) -> None:
    """R32, R37: red when who is in two lists gets two, or when a second press sends again."""
    message = crowd.message(Audience.REGISTERED, Audience.WAITING, Audience.CHECKED_IN)
    assert crowd.send(message, 3) == 3
    with pytest.raises(MessageRefused):
        crowd.send(message, 3)
    letters = sent(message)
    assert {letter.purpose for letter in letters} == {Purpose.SERVICE}
    texts = [spoken(app, letter).text.splitlines()[0] for letter in letters]
    assert sorted(texts) == ["丙，请带雨伞。", "乙，请带雨伞。", "甲，请带雨伞。"]
    assert (message.recipients, message.sent_at) == (3, NOW)


def test_a_list_that_changed_is_looked_at_again(crowd: Crowd) -> None:
    """Red when the count that the sender saw is not compared."""
    message = crowd.message(Audience.WAITING)
    with pytest.raises(MessageRefused):
        crowd.send(message, 2)
    db.session.rollback()
    assert sent(message) == []


def test_a_message_is_refused_where_it_makes_no_sense(crowd: Crowd) -> None:
    with pytest.raises(MessageRefused):
        crowd.message()
    with pytest.raises(WordsRefused):
        crowd.message(Audience.WAITING, body="{until}")
    empty = crowd.message(Audience.CHECKED_IN)
    with pytest.raises(MessageRefused):
        crowd.send(empty, 0)
    programme.cancel(db.session, crowd.event, reason="雪", by=None, now=NOW)
    with pytest.raises(MessageRefused):
        crowd.message(Audience.REGISTERED)
