"""What those with a place answered to the organiser's questions, counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from events.models import (
    Answer,
    Event,
    Question,
    QuestionKind,
    Registration,
    RegistrationState,
)

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answers: how many, how often each choice was made, the mean of numbers.

    Choices that nobody made are there with 0; one that is no longer offered keeps its answers.
    """

    question: Question
    answers: int
    counts: Mapping[str, int] = field(default_factory=dict)
    mean: Decimal | None = None


def answered(db: Session, event: Event) -> list[Answered]:
    """Each question in its order; what was written freely is not read here."""
    given: dict[int, Counter[str]] = {one.id: Counter() for one in event.questions}
    words = case((Question.kind == QuestionKind.TEXT, ""), else_=Answer.text).label("words")
    rows = db.execute(
        select(Answer.question_id, words, func.count())
        .join(Question, Question.id == Answer.question_id)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .group_by(Answer.question_id, words)
    )
    for question_id, text, number in rows:
        given[question_id][text] = number
    return [_one(question, given[question.id]) for question in event.questions]


def _one(question: Question, given: Counter[str]) -> Answered:
    number = given.total()
    match question.kind:
        case QuestionKind.CHOICE:
            return Answered(question, number, {**dict.fromkeys(question.choices_zh, 0), **given})
        case QuestionKind.YES_NO:
            return Answered(question, number, {**dict.fromkeys(YES_NO, 0), **given})
        case QuestionKind.NUMBER:
            return Answered(question, number, mean=_mean(given))
        case QuestionKind.TEXT:
            return Answered(question, number)


def _mean(given: Counter[str]) -> Decimal | None:
    """To one decimal; answers from before the question asked for a number are passed over."""
    numbers = {int(text): times for text, times in given.items() if text.isdecimal()}
    times = sum(numbers.values())
    if not times:
        return None
    whole = sum(number * often for number, often in numbers.items())
    return (Decimal(whole) / times).quantize(Decimal("0.1"))
