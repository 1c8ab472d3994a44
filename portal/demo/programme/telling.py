"""What the demo's events say by letter: when they remind, their own words, messages, and what
guests answered afterwards."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from events import letter_times, letter_words, messages, survey
from events.letter_words import Words
from events.models import Anchor, Audience, Event, LetterKind, RegistrationState
from events.refusals import SurveyRefused
from events.survey import Question, Score
from events.tickets import TicketKeys
from portal.demo.people import Drawing
from portal.demo.programme.sign_ups import registrations

TABLE = Path(__file__).with_name("letters.toml")
_ANSWERED_SINCE = timedelta(days=130)
_ANSWER, _WRITE = 0.45, 0.15
_SCORES = (Score.VERY_SATISFIED, Score.SATISFIED, Score.FINE)
_WEIGHTS = (6, 3, 1)


def letters(db: Session, draw: Drawing, event: Event, *, by: int) -> None:
    """A coming event reminds a week and a day before and thanks afterwards; some have words of
    their own, and messages."""
    now = min(event.created_at + timedelta(hours=1), draw.now)
    for kind, anchor, hours in (
        (LetterKind.REMINDER, Anchor.START, -7 * 24),
        (LetterKind.REMINDER, Anchor.START, -24),
        (LetterKind.THANKS, Anchor.END, 2),
    ):
        letter_times.add(db, event, kind, anchor, hours, by=by, now=now)
    table = tomllib.loads(TABLE.read_text("utf-8"))
    if (own := table["own"])["kind"] == event.kind.code:
        letter_words.keep(db, event, LetterKind.REMINDER, _words(own), by=by, now=now)
    for name in ("message", "draft"):
        if table[name]["kind"] == event.kind.code:
            _message(db, draw, event, table[name], send=name == "message", by=by)


def _message(
    db: Session, draw: Drawing, event: Event, row: Mapping[str, Any], *, send: bool, by: int
) -> None:
    now = draw.now - timedelta(days=1)
    audience = [one for one in Audience if one.value in row["audience"]]
    message = messages.draft(db, event, audience, _words(row), by=by, now=now)
    if send:
        seen = len(messages.readers(db, message))
        messages.send(db, message, seen=seen, by=by, now=now)


def _words(row: Mapping[str, Any]) -> Words:
    said = {name: row[name].strip() for name in ("subject_zh", "subject_en", "body_zh", "body_en")}
    return Words(**said)


def answers(db: Session, draw: Drawing, event: Event, *, keys: TicketKeys) -> None:
    """About half of those who came to a recent event answered its three questions."""
    if event.ends_at < draw.now - _ANSWERED_SINCE:
        return
    chance, lines = draw.chance, _lines(draw)
    now = min(event.ends_at + timedelta(days=1), draw.now)
    for registration in registrations(db, event):
        came = registration.state is RegistrationState.CONFIRMED
        if not came or chance.random() >= _ANSWER:
            continue
        given = dict(zip(Question, chance.choices(_SCORES, _WEIGHTS, k=3), strict=True))
        words = next(lines) if chance.random() < _WRITE else ""
        try:
            survey.answer(db, registration, given, words=words, keys=keys, now=now)
        except SurveyRefused:  # they had stayed away
            continue


def _lines(draw: Drawing) -> Iterator[str]:
    said = tomllib.loads(TABLE.read_text("utf-8"))["words"]["said"]
    while True:
        yield from draw.chance.sample(said, len(said))
