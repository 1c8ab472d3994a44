"""The words of an event's letters: the house's, or its own with named holes (R45)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from events import letter_holes, survey
from events.models import OF_BAYS, BayPlan, Event, EventLetter, EventMessage, LetterKind
from events.refusals import WordsRefused
from foundation import audit
from foundation.outbox import Letter
from foundation.own_words import OwnWords, unknown_holes
from foundation.shop import in_language
from foundation.words import N_

FRAME, MESSAGE = "events/own", "events/message"


_BUTTONS: Mapping[str, str] = {
    LetterKind.CONFIRMED: N_("See your ticket"),
    LetterKind.WAITING: N_("See your place in the queue"),
    LetterKind.OFFER: N_("Answer the offer"),
    LetterKind.OFFER_EXPIRED: N_("See the event"),
    LetterKind.REMINDER: N_("See your ticket"),
    LetterKind.MOVED: N_("See your sign-up"),
    LetterKind.CHANGED: N_("See your sign-up"),
    LetterKind.BAY_MOVED: N_("See your sign-up"),
    LetterKind.CHECK_READY: N_("Read the report"),
    LetterKind.CANCELLED: N_("See what else is on"),
    LetterKind.EVENT_CANCELLED: N_("See what else is on"),
    LetterKind.THANKS: N_("Answer three questions"),
    LetterKind.NO_SHOW: N_("Tell us how it was"),
    LetterKind.NO_SHOW_DECIDED: N_("See your list"),
    MESSAGE: N_("See your sign-up"),
}
_LEADS_TO: Mapping[LetterKind | None, str] = {
    LetterKind.CANCELLED: "/events",
    LetterKind.EVENT_CANCELLED: "/events",
    LetterKind.NO_SHOW_DECIDED: "/me/registrations",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body in Chinese, and in English where somebody wrote it."""

    subject_zh: str
    subject_en: str | None
    body_zh: str
    body_en: str | None


def check(words: Words, kind: LetterKind | None) -> None:
    """Words in Chinese are there, and every hole is one of the list."""
    if not words.subject_zh.strip() or not words.body_zh.strip():
        raise WordsRefused(N_("Please write a subject and a text in Chinese."))
    known = [code for hole in letter_holes.holes_of(kind) for code in (hole.code, hole.code_zh)]
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


def kinds_of(db: Session, event: Event) -> list[LetterKind]:
    """The kinds of letters that an event may send: of bays and reports where it has bays."""
    has_bays = db.get(BayPlan, event.id) is not None
    return [kind for kind in LetterKind if has_bays or kind not in OF_BAYS]


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
    return OwnWords(
        template=FRAME,
        subject=in_language(words, "subject", letter.language),
        body=in_language(words, "body", letter.language),
        holes=letter_holes.filled(kind, letter.details, path),
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
    if kind in _LEADS_TO:
        return _LEADS_TO[kind]
    if kind is LetterKind.OFFER_EXPIRED:
        return f"/events/{letter.details['event_id']}"
    return str(letter.details["path"])


def _kind_of(letter: Letter) -> LetterKind | None:
    name = letter.template.removeprefix("events/")
    return next((kind for kind in LetterKind if kind.value == name), None)


def _words(row: EventLetter | EventMessage) -> Words:
    return Words(row.subject_zh, row.subject_en, row.body_zh, row.body_en)
