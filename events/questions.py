"""What an event asks: questions, which depend on which, and how many may choose what."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import quotas, seats
from events.lines import QuestionLine
from events.models import Answer, Event, Question, QuestionKind, Quota, QuotaKind
from events.parts import check_open, note, removed
from events.refusals import PlanRefused
from foundation.words import N_

ROW = ("kind", "text_zh", "text_en", "required", "choices_zh", "choices_en", "per_person")
YES, NO = "yes", "no"


def set_questions(
    db: Session, event: Event, lines: Sequence[QuestionLine], *, by: int | None, now: datetime
) -> None:
    """Other questions with the places of their choices. One that somebody answered stays or is
    reworded; a limited choice that somebody has stays as it is called."""
    check_open(event)
    _check(lines)
    used = select(Answer.id).where(Answer.question_id == Question.id).exists()
    gone = removed(event.questions, lines)
    if db.scalar(select(Question.id).where(Question.id.in_(gone), used).limit(1)):
        raise PlanRefused(N_("Somebody has answered a question that you removed."))
    db.flush()
    quotas.hold(db, event.id)
    _drop_choices(event, lines)
    db.flush()
    standing = {question.id: question for question in event.questions}
    kept = [(standing.get(line.id or 0) or Question(), line) for line in lines]
    event.questions = [_filled(row, place, line) for place, (row, line) in enumerate(kept)]
    note(db, event, "questions", by, now)
    for row, line in kept:
        for choice, limit in zip(line.choices_zh, line.limits, strict=False):
            counted = (row.id, choice)
            if limit is not None or _quota_of(event, *counted) is not None:
                seats.set_capacity(
                    db, event, QuotaKind.CHOICE, limit, choice=counted, by=by, now=now
                )


def standing_questions(event: Event) -> list[QuestionLine]:
    """The questions of an event as lines of the editor."""
    return [
        QuestionLine(
            **{name: getattr(one, name) for name in ROW},
            limits=_limits_of(event, one),
            only_if=one.only_if,
            only_if_answer=one.only_if_answer,
            id=one.id,
        )
        for one in event.questions
    ]


def _limits_of(event: Event, question: Question) -> list[int | None]:
    found = [_quota_of(event, question.id, choice) for choice in question.choices_zh]
    if all(quota is None or quota.capacity is None for quota in found):
        return []
    return [quota.capacity if quota else None for quota in found]


def _quota_of(event: Event, question_id: int, choice: str) -> Quota | None:
    counted = (question_id, choice)
    return next((row for row in event.quotas if (row.question_id, row.choice) == counted), None)


def _drop_choices(event: Event, lines: Sequence[QuestionLine]) -> None:
    """Choices that are not offered any more are not counted any more."""
    offered = {(line.id, choice) for line in lines for choice in line.choices_zh}
    gone = [
        row
        for row in event.quotas
        if row.kind == QuotaKind.CHOICE and (row.question_id, row.choice) not in offered
    ]
    for row in gone:
        if row.taken or row.waiting:
            raise PlanRefused(
                N_("Somebody has chosen “%(choice)s”: it stays as it is called."),
                choice=row.choice,
            )
    event.quotas = [row for row in event.quotas if row not in gone]


def _filled(row: Question, position: int, line: QuestionLine) -> Question:
    for name in (*ROW, "only_if", "only_if_answer"):
        setattr(row, name, getattr(line, name))
    row.position = position
    return row


def _check(lines: Sequence[QuestionLine]) -> None:
    for place, line in enumerate(lines):
        if line.kind == QuestionKind.CHOICE and len(line.choices_zh) < 2:
            raise PlanRefused(N_("A question with choices needs at least two."))
        if len(set(line.choices_zh)) < len(line.choices_zh):
            raise PlanRefused(N_("Two choices of a question have the same name."))
        if any(limit is not None and limit < 0 for limit in line.limits):
            raise PlanRefused(N_("Places cannot be below zero."))
        if line.only_if is not None:
            _check_condition(lines[:place], line, place)


def _check_condition(before: Sequence[QuestionLine], line: QuestionLine, place: int) -> None:
    """It depends on a question that stands before it, and on an answer that can be given."""
    asked = next((one for at, one in enumerate(before) if at == line.only_if), None)
    if asked is None:
        raise PlanRefused(
            N_("Question %(number)s can only depend on a question that stands before it."),
            number=place + 1,
        )
    possible = [YES, NO] if asked.kind == QuestionKind.YES_NO else asked.choices_zh
    if line.only_if_answer not in possible:
        raise PlanRefused(
            N_("Question %(number)s depends on an answer that nobody can give."), number=place + 1
        )
