"""The rows of the event editor: agenda, steps, sessions, questions. An empty row is no row."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from events.forms_fields import ClockField, CountField
from events.models import QuestionKind

NUMBER = {"inputmode": "numeric"}
ONE_LINE = [Optional(), Length(max=200, message=_("Please use at most 200 characters."))]
LONG = [Optional(), Length(max=1000, message=_("Please use at most 1,000 characters."))]
DAY = [Optional(), NumberRange(1, 60, _("Days are counted from 1 to 60."))]
PLACES = [Optional(), NumberRange(0, 100_000, _("Please enter a number from 0."))]


class Row(Form):
    """One row: `remove` takes it out when the form is saved."""

    names: tuple[str, ...] = ()
    remove = BooleanField(_("Remove"))

    def trade(self, other: "Row") -> None:
        """Let two rows change places: all that was typed, and what is wrong with it."""
        for mine, theirs in zip(self, other, strict=True):
            for name in ("data", "raw_data", "errors", "process_errors"):
                kept = getattr(mine, name, None)
                setattr(mine, name, getattr(theirs, name, None))
                setattr(theirs, name, kept)

    @property
    def counts(self) -> bool:
        """Whether something was typed into it, and it shall stay."""
        return not self.remove.data and any(self._fields[name].data for name in self.names)

    def validate(self, extra_validators: Any = None) -> bool:
        """Rows that do not count have no errors."""
        valid = super().validate(extra_validators)
        if self.counts:
            return valid and self.is_complete()
        if any(self._fields[name].errors for name in self.names) and not self.remove.data:
            return False
        for field in self:
            field.errors = []
        return True

    def is_complete(self) -> bool:
        """Whether nothing is missing in a row that counts; says what is."""
        return True

    def need(self, name: str, words: Any) -> bool:
        """Ask for a field of the row."""
        field = self._fields[name]
        if field.data is None or field.data == "":
            field.errors = [*field.errors, words]
            return False
        return True


class AgendaRow(Row):
    names = ("at", "title_zh", "title_en", "about_zh", "about_en")
    day = CountField(_("Day no."), DAY, default=1, render_kw=NUMBER)
    at = ClockField(_("At"), [Optional()])
    title_zh = StringField(_("What happens"), ONE_LINE)
    title_en = StringField(_("in English"), ONE_LINE)
    about_zh = StringField(_("More about it"), LONG)
    about_en = StringField(_("more, in English"), LONG)

    def is_complete(self) -> bool:
        has_time = self.need("at", _("At what time?"))
        return self.need("title_zh", _("What happens then?")) and has_time


class HostRow(Row):
    names = ("name", "role_zh", "role_en", "phone")
    name = StringField(_("Name"), ONE_LINE)
    phone = StringField(_("Mobile"), ONE_LINE, render_kw={"inputmode": "tel"})
    role_zh = StringField(_("What they do"), ONE_LINE)
    role_en = StringField(_("in English"), ONE_LINE)

    def is_complete(self) -> bool:
        return self.need("name", _("Who is it?"))


class StepRow(Row):
    names = ("name_zh", "name_en", "note_zh", "note_en")
    id = HiddenField()
    name_zh = StringField(_("Step"), ONE_LINE)
    name_en = StringField(_("in English"), ONE_LINE)
    note_zh = StringField(_("Note"), LONG)
    note_en = StringField(_("note, in English"), LONG)

    def is_complete(self) -> bool:
        return self.need("name_zh", _("What is this step called in Chinese?"))


class SessionRow(Row):
    names = ("starts", "ends", "name_zh", "name_en")
    id = HiddenField()
    day = CountField(_("Day no."), DAY, default=1, render_kw=NUMBER)
    starts = ClockField(_("From"), [Optional()])
    ends = ClockField(_("Until"), [Optional()])
    places = CountField(_("Places"), PLACES, render_kw=NUMBER)
    name_zh = StringField(_("Slot name"), ONE_LINE)
    name_en = StringField(_("in English"), ONE_LINE)

    def is_complete(self) -> bool:
        begins = self.need("starts", _("From when?"))
        return self.need("ends", _("Until when?")) and begins


class QuestionRow(Row):
    """A question; `only_if` is the number of the row on whose answer it depends."""

    names = ("text_zh", "text_en", "choices_zh", "choices_en")
    id = HiddenField()
    kind = SelectField(
        _("Answer"),
        choices=[
            SelectChoice(QuestionKind.TEXT.value, _("Free text")),
            SelectChoice(QuestionKind.NUMBER.value, _("A number")),
            SelectChoice(QuestionKind.YES_NO.value, _("Yes or no")),
            SelectChoice(QuestionKind.CHOICE.value, _("One of these")),
        ],
    )
    required = BooleanField(_("must be answered"))
    text_zh = StringField(_("Question"), ONE_LINE)
    text_en = StringField(_("in English"), ONE_LINE)
    choices_zh = TextAreaField(_("Choices, one per line"), LONG, render_kw={"rows": 3})
    choices_en = TextAreaField(_("Choices in English"), LONG, render_kw={"rows": 3})
    per_person = BooleanField(_("a place for each person of the party"))
    only_if = CountField(_("Only after question no."), DAY, render_kw=NUMBER)
    only_if_answer = StringField(_("if the answer is"), ONE_LINE)

    def is_complete(self) -> bool:
        asked = self.need("text_zh", _("What do you want to ask, in Chinese?"))
        if self.only_if.data is not None:
            asked = self.need("only_if_answer", _("After which answer?")) and asked
        if self.kind.data != QuestionKind.CHOICE.value:
            return asked
        chinese, english = limited_lines(self.choices_zh.data), lines_of(self.choices_en.data)
        if len(chinese) < 2:
            self.choices_zh.errors = [_("Please write at least two choices.")]
            return False
        if english and len(english) != len(chinese):
            self.choices_en.errors = [_("Please write as many choices as in Chinese.")]
            return False
        return asked


class SlotMaker(Form):
    """What time slots are made from."""

    opens = ClockField(_("First slot at"), [Optional()])
    closes = ClockField(_("Last slot ends"), [Optional()])
    minutes = CountField(_("Minutes each"), [Optional()], render_kw=NUMBER)
    pause_from = ClockField(_("Break from"), [Optional()])
    pause_until = ClockField(_("Break until"), [Optional()])
    places = CountField(_("Places each"), PLACES, render_kw=NUMBER)


def lines_of(text: str | None) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def limited_lines(text: str | None) -> list[tuple[str, int | None]]:
    """Choices with the number of places of each: `name | 10`; without a number, unlimited."""
    found: list[tuple[str, int | None]] = []
    for line in lines_of(text):
        name, bar, number = line.replace("｜", "|").rpartition("|")
        limited = bool(bar) and number.strip().isdecimal()
        found.append((name.strip(), int(number)) if limited else (line, None))
    return found
