"""What people answered when they signed up, and what they said afterwards."""

from flask_babel import gettext as _
from flask_babel import ngettext

from events import survey
from events.figuring.answering import Answered, answered
from events.models import QuestionKind
from events.staff.boards.parts import Asked, Part, drawn, word
from foundation.charts import Chart, Row
from foundation.web.language import reader_language, say


def questions(ask: Asked) -> Part:
    """A chart for each question with choices; of all others how many answered."""
    found = answered(ask.db, ask.event)
    counted = [one for one in found if one.counts]
    charts = [
        Chart("bars", word(one.question, "text"), _choices(one), _("Answer")) for one in counted
    ]
    other = [Row(_with_mean(one), [one.answers]) for one in found if one not in counted]
    charts.append(Chart("table", _("Other questions"), other, _("Question"), [_("Answers")]))
    return Part(
        _("Answers at sign-up"),
        drawn(charts),
        _("Nobody has answered yet.") if found else _("This event asks nothing at sign-up."),
        [_("Answers of those with a place. What was written freely is only counted here.")],
    )


def _choices(one: Answered) -> list[Row]:
    if one.question.kind == QuestionKind.YES_NO:
        names = {"yes": _("Yes"), "no": _("No")}
    else:
        names = _in_language(one)
    return [Row(names.get(text, text), [number]) for text, number in one.counts.items()]


def _in_language(one: Answered) -> dict[str, str]:
    question = one.question
    if reader_language().startswith("zh") or not question.choices_en:
        return {}
    return dict(zip(question.choices_zh, question.choices_en, strict=False))


def _with_mean(one: Answered) -> str:
    text = word(one.question, "text")
    if one.mean is not None:
        text = _("%(question)s (%(mean)s on average)", question=text, mean=one.mean)
    return text


def afterwards(ask: Asked) -> Part:
    """The survey's three questions, from five answers on (R58)."""
    found = survey.results(ask.db, ask.event.id)
    rows = [
        Row(
            _("%(question)s Mean %(mean)s", question=say(question.label), mean=mean),
            [found.counts[question][score] for score in sorted(survey.Score, reverse=True)],
        )
        for question, mean in found.means.items()
    ]
    series = [_("Very satisfied"), _("Satisfied"), _("It was fine")]
    sentence = ngettext(
        "%(num)s answer so far. Results are shown from five on, so that nobody can be guessed.",
        "%(num)s answers so far. Results are shown from five on, so that nobody can be guessed.",
        found.answers,
    )
    nothing = sentence if ask.is_over or found.answers else _("They are asked after the event.")
    chart = Chart("stacked", _("The three questions"), rows, _("Question"), series)
    return Part(
        _("What they said afterwards"),
        drawn([chart]),
        nothing,
        [_("Of a mean: fine counts 40, satisfied 60, very satisfied 100."), *_newer(found)],
    )


def _newer(found: survey.Results) -> list[str]:
    """What was answered since the last five."""
    if not found.means or not found.waiting:
        return []
    sentence = ngettext(
        "%(num)s newer answer is added when there are five, so that nobody can be guessed.",
        "%(num)s newer answers are added when there are five, so that nobody can be guessed.",
        found.waiting,
    )
    return [sentence]
