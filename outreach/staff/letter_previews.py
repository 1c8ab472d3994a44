"""A letter of an event as its readers will see it, in both languages: as letter and as text."""

from dataclasses import dataclass
from typing import Any

from flask import make_response
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from events import letter_holes, letter_words
from events.letter_words import Words
from events.models import Event
from foundation import clock
from foundation.outbox import Rendered
from foundation.web.language import LANGUAGES
from outreach.staff import previews
from outreach.staff.letter_words import without_way_out
from outreach.staff.letters import SANDBOX


@dataclass(frozen=True, slots=True)
class Seen:
    """One language's letter: its subject and text, and the text message with its length."""

    language: str
    subject: str
    text: str
    short: str
    segments: int
    wechat: str = ""


def in_both(event: Event, template: str, words: Words | None, **more: Any) -> list[Seen]:
    """The letter in Chinese and in English; `words` are those typed, not saved yet."""
    return [_seen(_written(event, template, tag, words, more), tag) for tag in LANGUAGES]


def as_html(event: Event, template: str, language: str, **more: Any) -> Response:
    """The saved letter as a mail program shows it, shut off from everything else."""
    words = _written(event, template, language, None, more)
    answer = make_response(without_way_out(words.html))
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _written(
    event: Event, template: str, language: str, words: Words | None, more: dict[str, Any]
) -> Rendered:
    name = "Wang Xiaoming" if language == "en" else "王小明"
    details = letter_holes.sample_details(event, name, language, now=clock.now())
    letter = previews.unposted(template, details | more, language)
    keys = previews.settings().link_keys
    own = letter_words.framed(words, letter, link_keys=keys) if words else None
    return previews.written(letter, own)


def _seen(words: Rendered, language: str) -> Seen:
    short, segments = previews.as_text(words, marketing=False)
    text = without_way_out(words.text)
    return Seen(language, words.subject, text, without_way_out(short), segments)


def language_words() -> dict[str, str]:
    """What each language is called beside its letter."""
    return {"zh-Hans": _("In Chinese"), "en": _("In English")}
