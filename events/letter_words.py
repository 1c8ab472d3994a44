"""The words of an event's letters: the house's, or its own with named holes (R45)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from events import letters, survey
from events.models import Event, EventLetter, EventMessage, LetterKind
from events.refusals import WordsRefused
from foundation import audit
from foundation.outbox import Letter
from foundation.own_words import Link, OwnWords, Span, Value, unknown_holes
from foundation.shop import in_language
from foundation.words import N_

FRAME, MESSAGE = "events/own", "events/message"


@dataclass(frozen=True, slots=True)
class Hole:
    """A named place in own words, by either of its names, and what comes to stand in it."""

    code: str
    code_zh: str
    label: str


NAME = Hole("name", "姓名", N_("the member's name"))
EVENT = Hole("event", "活动", N_("the title of the event"))
WHEN = Hole("when", "时间", N_("from when until when"))
PLACE = Hole("place", "地点", N_("the place"))
ADDRESS = Hole("address", "地址", N_("the address"))
PARTY = Hole("party", "人数", N_("how many people they signed up"))
LINK = Hole("link", "链接", N_("where the button leads"))
UNTIL = Hole("until", "截止", N_("until when the offer holds"))
REASON = Hole("reason", "原因", N_("the reason you give when you cancel"))
_ALWAYS = (NAME, EVENT, WHEN, PLACE, ADDRESS, PARTY, LINK)

_BUTTONS: Mapping[str, str] = {
    LetterKind.CONFIRMED: N_("See your ticket"),
    LetterKind.WAITING: N_("See your place in the queue"),
    LetterKind.OFFER: N_("Answer the offer"),
    LetterKind.OFFER_EXPIRED: N_("See the event"),
    LetterKind.REMINDER: N_("See your ticket"),
    LetterKind.MOVED: N_("See your sign-up"),
    LetterKind.CANCELLED: N_("See what else is on"),
    LetterKind.EVENT_CANCELLED: N_("See what else is on"),
    LetterKind.THANKS: N_("Answer three questions"),
    MESSAGE: N_("See your sign-up"),
}
_TO_PROGRAMME = (LetterKind.CANCELLED, LetterKind.EVENT_CANCELLED)


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body in Chinese, and in English where somebody wrote it."""

    subject_zh: str
    subject_en: str | None
    body_zh: str
    body_en: str | None


def holes_of(kind: LetterKind | None) -> tuple[Hole, ...]:
    """What may stand in words of this kind; None is a message of staff."""
    more = {LetterKind.OFFER: (UNTIL,), LetterKind.EVENT_CANCELLED: (REASON,)}
    return _ALWAYS + (more.get(kind, ()) if kind else ())


def check(words: Words, kind: LetterKind | None) -> None:
    """Words in Chinese are there, and every hole is one of the list."""
    if not words.subject_zh.strip() or not words.body_zh.strip():
        raise WordsRefused(N_("Please write a subject and a text in Chinese."))
    known = [code for hole in holes_of(kind) for code in (hole.code, hole.code_zh)]
    for text in (words.subject_zh, words.subject_en, words.body_zh, words.body_en):
        unknown = unknown_holes(text or "", known)
        if unknown:
            raise WordsRefused(
                N_("Nothing fills %(hole)s in this letter. Please choose from the list."),
                hole=unknown[0],
            )


def words_of(db: Session, event_id: int, kind: LetterKind) -> EventLetter | None:
    """The event's own words for a kind of letter, if it has any."""
    return db.scalar(
        select(EventLetter).where(EventLetter.event_id == event_id, EventLetter.kind == kind)
    )


def own_kinds(db: Session, event_id: int) -> set[LetterKind]:
    """The kinds of letters for which an event has words of its own."""
    return set(db.scalars(select(EventLetter.kind).where(EventLetter.event_id == event_id)))


def keep(
    db: Session, event: Event, kind: LetterKind, words: Words, *, by: int, now: datetime
) -> EventLetter:
    """The event says this kind of letter in its own words from now on."""
    check(words, kind)
    found = words_of(db, event.id, kind) or EventLetter(event_id=event.id, kind=kind)
    for name, text in asdict(words).items():
        setattr(found, name, text)
    db.add(found)
    audit.record(db, "event-letter.write", "event", event.id, by=by, now=now, letter=kind.value)
    db.flush()
    return found


def use_house_words(db: Session, event: Event, kind: LetterKind, *, by: int, now: datetime) -> None:
    """The event says this kind of letter in the house's words again."""
    if words_of(db, event.id, kind) is None:
        return
    db.execute(
        delete(EventLetter).where(EventLetter.event_id == event.id, EventLetter.kind == kind)
    )
    audit.record(db, "event-letter.drop", "event", event.id, by=by, now=now, letter=kind.value)
    db.flush()


def copy(db: Session, event: Event, made: Event) -> None:
    """The words of an event for its copy."""
    for row in db.scalars(select(EventLetter).where(EventLetter.event_id == event.id)):
        db.add(EventLetter(event_id=made.id, kind=row.kind, **asdict(_words(row))))
    db.flush()


def own_words(db: Session, letter: Letter, *, link_keys: Sequence[str]) -> OwnWords | None:
    """What was written for this letter, with what fills its holes; None for the house's words."""
    row: EventLetter | EventMessage | None
    if letter.template == MESSAGE:
        kind, row = None, db.get(EventMessage, letter.details["message_id"])
    else:
        kind = _kind_of(letter)
        row = words_of(db, letter.details["event_id"], kind) if kind else None
    return framed(_words(row), letter, link_keys=link_keys) if row is not None else None


def framed(words: Words, letter: Letter, *, link_keys: Sequence[str]) -> OwnWords:
    """Words in the language of the letter's reader, ready to be said."""
    kind = _kind_of(letter)
    path = survey_path(letter, link_keys) if kind is LetterKind.THANKS else _path(letter, kind)
    values = _values(letter.details, path)
    holes = {
        name: values[hole.code] for hole in holes_of(kind) for name in (hole.code, hole.code_zh)
    }
    return OwnWords(
        template=FRAME,
        subject=in_language(words, "subject", letter.language),
        body=in_language(words, "body", letter.language),
        holes=holes,
        button=_BUTTONS[kind or MESSAGE],
        button_path=path,
    )


def survey_path(letter: Letter, link_keys: Sequence[str]) -> str:
    """Where the reader of a letter of thanks answers; a sample leads to the event."""
    registration_id = letter.details.get("registration_id")
    if registration_id is None:
        return f"/events/{letter.details['event_id']}"
    return survey.path_of(link_keys, registration_id)


def _path(letter: Letter, kind: LetterKind | None) -> str:
    if kind in _TO_PROGRAMME:
        return "/events"
    if kind is LetterKind.OFFER_EXPIRED:
        return f"/events/{letter.details['event_id']}"
    return str(letter.details["path"])


def _kind_of(letter: Letter) -> LetterKind | None:
    name = letter.template.removeprefix("events/")
    return next((kind for kind in LetterKind if kind.value == name), None)


def _values(details: Mapping[str, Any], path: str) -> dict[str, Value]:
    starts, ends = (datetime.fromisoformat(details[name]) for name in ("starts_at", "ends_at"))
    until = details.get("offer_until")
    return {
        "name": details["name"],
        "event": details["title"],
        "when": Span(starts, ends),
        "place": details["place"],
        "address": details["address"],
        "party": str(details["party_size"]),
        "link": Link(path),
        "until": datetime.fromisoformat(until) if until else "",
        "reason": details.get("reason") or "",
    }


def _words(row: EventLetter | EventMessage) -> Words:
    return Words(row.subject_zh, row.subject_en, row.body_zh, row.body_en)


def sample_details(event: Event, name: str, language: str, *, now: datetime) -> dict[str, Any]:
    """What a letter to nobody tells, as its readers will read theirs."""
    return {
        "name": name,
        "party_size": 2,
        "path": f"/events/{event.id}",
        "offer_until": now.isoformat(),
        "reason": "",
        "by_staff": False,
        "points": 0,
        **letters.event_details(event, language),
    }
