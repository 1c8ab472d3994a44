"""What members answer to the organiser's questions, and who comes with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from events.models import Answer, Companion, Event, Question, QuestionKind, Registration
from events.refusals import AnswerMissing
from foundation.words import N_, InBoth

LONGEST = 1000
ADULT = "adult"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who comes along; the name may stay open."""

    name: str = ""
    age_band: str = ADULT
    guardian: int | None = None

    @property
    def is_minor(self) -> bool:
        """Whether an adult of the party has to look after them."""
        return self.age_band != ADULT


def checked(event: Event, given: Mapping[int, str]) -> dict[int, str]:
    """The answers that fit, by question; refused when one is missing or does not fit.

    A question that depends on another is asked of those alone who gave that answer.
    """
    kept: dict[int, str] = {}
    by_position: dict[int, str] = {}
    for question in event.questions:
        if not is_asked(question, by_position):
            continue
        text = question.canonical(given.get(question.id, "").strip()[:LONGEST])
        if not text:
            if question.required:
                raise AnswerMissing(
                    N_("Please answer: %(question)s"), question=InBoth.of(question, "text")
                )
            continue
        if not _fits(question, text):
            raise AnswerMissing(
                N_("This answer does not fit: %(question)s"),
                question=InBoth.of(question, "text"),
            )
        kept[question.id] = by_position[question.position] = text
    return kept


def is_asked(question: Question, answered: Mapping[int, str]) -> bool:
    """Whether a question applies, by the answers so far at their positions."""
    return question.only_if is None or answered.get(question.only_if) == question.only_if_answer


def _fits(question: Question, text: str) -> bool:
    match question.kind:
        case QuestionKind.NUMBER:
            return text.isdecimal() and len(text) <= 9
        case QuestionKind.YES_NO:
            return text in ("yes", "no")
        case QuestionKind.CHOICE:
            return text in question.choices_zh
        case QuestionKind.TEXT:
            return True


def guests_of(registration: Registration) -> list[Guest]:
    """Who was named; a minor whom nobody was named for goes with the member."""
    return [
        Guest(one.name, one.age_band, 0 if one.guardian is None else one.guardian)
        for one in registration.companions
    ]


def keep(
    db: Session, registration: Registration, guests: Sequence[Guest], answers: Mapping[int, str]
) -> None:
    """Store companions and answers of a new registration."""
    for guest in guests:
        db.add(
            Companion(
                registration_id=registration.id,
                name=guest.name,
                age_band=guest.age_band,
                guardian=guest.guardian,
            )
        )
    for question_id, text in answers.items():
        db.add(Answer(registration_id=registration.id, question_id=question_id, text=text))


def replace_guests(db: Session, registration: Registration, guests: Sequence[Guest]) -> None:
    """Other companions in the place of the former ones."""
    db.execute(delete(Companion).where(Companion.registration_id == registration.id))
    keep(db, registration, guests, {})
    db.flush()
    db.expire(registration, ["companions"])


def replace_answers(db: Session, registration: Registration, answers: Mapping[int, str]) -> None:
    """Other answers in the place of the former ones."""
    db.execute(delete(Answer).where(Answer.registration_id == registration.id))
    keep(db, registration, (), answers)
    db.flush()
    db.expire(registration, ["answers"])
