"""A field for each question of an event: conditions, and choices that may be full."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from events import quotas
from events.models import Question, QuestionKind, Quota, QuotaKind
from foundation.shop import in_language

ANSWER_THIS = lazy_gettext("Please answer this question.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its reader sees it; `only_if` is the id of the one that it depends on."""

    id: int
    kind: QuestionKind
    required: bool
    text: str
    choices: tuple[tuple[str, str], ...]
    only_if: int | None = None
    only_if_answer: str | None = None

    @property
    def field(self) -> str:
        return f"question_{self.id}"


def asked_of(questions: Iterable[Question], language: str) -> tuple[Asked, ...]:
    """The questions of an event in the reader's language."""
    ids = {question.position: question.id for question in questions}
    return tuple(
        Asked(
            question.id,
            question.kind,
            question.required,
            in_language(question, "text", language),
            _choices(question, language),
            None if question.only_if is None else ids.get(question.only_if),
            question.only_if_answer,
        )
        for question in questions
    )


def _choices(question: Question, language: str) -> tuple[tuple[str, str], ...]:
    english = question.choices_en if language == "en" else []
    return tuple(zip(question.choices_zh, english or question.choices_zh, strict=False))


def question_field(question: Asked) -> Any:
    """The field of a question; one that depends on another is asked for by the form as a whole."""
    must = question.required and question.only_if is None
    first = InputRequired(ANSWER_THIS) if must else Optional()
    if question.kind == QuestionKind.CHOICE:
        choices = [SelectChoice(*pair) for pair in question.choices]
        return RadioField(question.text, choices=choices, validators=[first])
    if question.kind == QuestionKind.YES_NO:
        yes, no = lazy_gettext("Yes"), lazy_gettext("No")
        choices = [SelectChoice("yes", yes), SelectChoice("no", no)]
        return RadioField(question.text, choices=choices, validators=[first])
    if question.kind == QuestionKind.NUMBER:
        number = {"inputmode": "numeric"}
        return StringField(question.text, validators=[first, Length(max=9)], render_kw=number)
    return StringField(question.text, validators=[first, Length(max=1000)])


def applies(question: Asked, answers: Mapping[int, str]) -> bool:
    """Whether it is asked, by the answers of those that apply."""
    return question.only_if is None or answers.get(question.only_if) == question.only_if_answer


def condition_words(question: Asked, by_id: Mapping[int, Asked]) -> str | None:
    """When a question is asked, for readers whose browser runs no script."""
    other = by_id.get(question.only_if or 0)
    if other is None:
        return None
    answer = question.only_if_answer or ""
    words = {"yes": _("Yes"), "no": _("No")} if other.kind == QuestionKind.YES_NO else {}
    said = words.get(answer) or dict(other.choices).get(answer, answer)
    return str(
        _("Only if you answered “%(answer)s” to: %(question)s", answer=said, question=other.text)
    )


def show_what_is_left(field: RadioField, question: Asked, rows: Iterable[Quota]) -> None:
    """How many of each limited choice are left; what is full cannot be picked, only kept."""
    counted = {
        row.choice: row
        for row in rows
        if row.kind == QuotaKind.CHOICE
        and row.question_id == question.id
        and row.capacity is not None
    }
    if counted:
        field.choices = [
            SelectChoice(value, words, _left_of(counted.get(value), value == field.data))
            for value, words in question.choices
        ]


def _left_of(row: Quota | None, is_mine: bool) -> dict[str, Any]:
    if row is None:
        return {}
    left = 0 if row.waiting else quotas.left(row) or 0
    if is_mine:
        return {"note": _("your choice")}
    if not left:
        return {"note": _("full"), "disabled": True}
    return {"note": ngettext("%(num)s left", "%(num)s left", left)}
