"""The shape of what a member types to sign up."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from events import quotas
from events.answers import Guest
from events.models import Event, Question, QuestionKind, Unit
from foundation.shop import in_language
from members.models import Vehicle

AGE_BANDS = (
    SelectChoice("adult", lazy_gettext("Adult")),
    SelectChoice("teenager", lazy_gettext("12 to 17")),
    SelectChoice("child", lazy_gettext("3 to 11")),
    SelectChoice("infant", lazy_gettext("Under 3")),
)


class GuestForm(Form):
    """Somebody who comes along; the name may stay open."""

    name = StringField(lazy_gettext("Name"), validators=[Optional(), Length(max=80)])
    age_band = SelectField(lazy_gettext("Age"), choices=AGE_BANDS, default="adult")


class RegistrationForm(FlaskForm):
    """Car, session, party and answers; fields that an event does not ask for are taken out."""

    vehicle_id = SelectField(lazy_gettext("Car"), coerce=int)
    session_id = RadioField(
        lazy_gettext("Time"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Please choose a time."))],
    )
    party_size = IntegerField(
        lazy_gettext("How many people, you included"),
        default=1,
        validators=[
            InputRequired(lazy_gettext("Please enter a number.")),
            NumberRange(min=1, max=99),
        ],
    )
    companions = FieldList(FormField(GuestForm), max_entries=20)

    def answers(self) -> dict[int, str]:
        """What was answered, by question."""
        return {
            int(name.removeprefix("question_")): str(value or "")
            for name, value in self.data.items()
            if name.startswith("question_")
        }

    def guests(self) -> list[Guest]:
        """Who was named, as far as somebody was."""
        if "companions" not in self:
            return []
        rows: list[dict[str, Any]] = self.companions.data
        return [
            Guest(row["name"].strip(), row["age_band"])
            for row in rows
            if (row["name"] or "").strip()
        ]


def registration_form(
    event: Event, cars: Sequence[Vehicle], language: str, **values: Any
) -> RegistrationForm:
    """The form for one event, in the reader's language; `values` prefill it."""
    asked = tuple(_asked(question, language) for question in event.questions)
    form_class = _form_class(asked)
    form: RegistrationForm = form_class(**values)
    _fit(form, event, cars, language)
    return form


def _fit(form: RegistrationForm, event: Event, cars: Sequence[Vehicle], language: str) -> None:
    needs_car = event.unit == Unit.CAR or event.one_per_car or bool(event.for_models)
    choices = [SelectChoice(car.id, car_label(car)) for car in cars]
    without = SelectChoice(0, str(lazy_gettext("I come without a car")))
    form.vehicle_id.choices = choices if needs_car else [without, *choices]
    if form.vehicle_id.data is None and form.vehicle_id.choices:
        form.vehicle_id.data = form.vehicle_id.choices[0].value
    if quotas.has_sessions(event.quotas):
        form.session_id.choices = [
            SelectChoice(session.id, in_language(session, "name", language))
            for session in event.sessions
        ]
    else:
        del form.session_id
    if event.party_limit <= 1:
        del form.party_size
        del form.companions


def with_spare_rows(form: RegistrationForm, event: Event) -> RegistrationForm:
    """The form as it is shown: a row for each companion that could still be named."""
    if "companions" in form:
        while len(form.companions.entries) < event.party_limit - 1:
            form.companions.append_entry()
    return form


def car_label(car: Vehicle) -> str:
    """A car as its owner knows it: model and plate."""
    return " · ".join(part for part in (car.model, car.plate) if part) or "—"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its reader sees it."""

    id: int
    kind: QuestionKind
    required: bool
    text: str
    choices: tuple[tuple[str, str], ...]


def _asked(question: Question, language: str) -> Asked:
    english = question.choices_en if language == "en" else []
    words = english or question.choices_zh
    return Asked(
        question.id,
        question.kind,
        question.required,
        in_language(question, "text", language),
        tuple(zip(question.choices_zh, words, strict=False)),
    )


@lru_cache(maxsize=256)
def _form_class(asked: tuple[Asked, ...]) -> type[RegistrationForm]:
    """The form with a field for each question: made once, not for each of a rush of readers."""
    fields = {f"question_{question.id}": _question_field(question) for question in asked}
    return type("EventForm", (RegistrationForm,), fields)


def _question_field(question: Asked) -> Any:
    must = (
        InputRequired(lazy_gettext("Please answer this question."))
        if question.required
        else Optional()
    )
    if question.kind == QuestionKind.CHOICE:
        choices = [SelectChoice(*pair) for pair in question.choices]
        return RadioField(question.text, choices=choices, validators=[must])
    if question.kind == QuestionKind.YES_NO:
        choices = [SelectChoice("yes", lazy_gettext("Yes")), SelectChoice("no", lazy_gettext("No"))]
        return RadioField(question.text, choices=choices, validators=[must])
    if question.kind == QuestionKind.NUMBER:
        number = {"inputmode": "numeric"}
        return StringField(question.text, validators=[must, Length(max=9)], render_kw=number)
    return StringField(question.text, validators=[must, Length(max=1000)])
