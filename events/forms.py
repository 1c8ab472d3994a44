"""The shape of what a member types to sign up."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from events import meant_cars, papers, quotas, terms
from events.answers import ADULT, Guest
from events.forms_questions import (
    ANSWER_THIS,
    Asked,
    applies,
    asked_of,
    condition_words,
    question_field,
    show_what_is_left,
)
from events.models import Event, QuestionKind
from foundation.shop import in_language
from members.models import Vehicle

AGE_BANDS = (
    SelectChoice(ADULT, lazy_gettext("Adult")),
    SelectChoice("teenager", lazy_gettext("12 to 17")),
    SelectChoice("child", lazy_gettext("3 to 11")),
    SelectChoice("infant", lazy_gettext("Under 3")),
)


class GuestForm(Form):
    """Somebody who comes along; the name may stay open."""

    name = StringField(lazy_gettext("Name"), validators=[Optional(), Length(max=80)])
    age_band = SelectField(lazy_gettext("Age"), choices=AGE_BANDS, default=ADULT)
    guardian = SelectField(lazy_gettext("Looked after by (under 18)"), coerce=int, default=0)


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
    licence_until = DateField(lazy_gettext("Driving licence valid until"), [Optional()])
    terms = IntegerField(
        lazy_gettext("Terms"), [InputRequired(lazy_gettext("Please read and accept the terms."))]
    )
    asked: tuple[Asked, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields; of the questions that depend on others only those that apply."""
        super().validate(extra_validators)
        given = self.answers()
        for question in self.asked:
            if question.only_if is None:
                continue
            field = self[question.field]
            if not applies(question, given):
                field.errors = []
            elif question.required and not given.get(question.id):
                field.errors = [ANSWER_THIS]
        return not self.errors

    def answers(self) -> dict[int, str]:
        """What was answered to the questions that apply, by question."""
        given: dict[int, str] = {}
        for question in self.asked:
            if applies(question, given):
                given[question.id] = str(self[question.field].data or "").strip()
        return given

    def conditions(self) -> dict[int, str | None]:
        """What each question depends on, in words."""
        by_id = {question.id: question for question in self.asked}
        return {one.id: condition_words(one, by_id) for one in self.asked}

    def guests(self) -> list[Guest]:
        """Who was named, as far as somebody was: by a name, or as somebody under 18."""
        if "companions" not in self:
            return []
        rows: list[dict[str, Any]] = self.companions.data
        named = [
            place
            for place, row in enumerate(rows, 1)
            if (row["name"] or "").strip() or row["age_band"] != ADULT
        ]
        places = {0: 0, **{row: place for place, row in enumerate(named, 1)}}
        return [_guest(rows[row - 1], places) for row in named]


def _guest(row: dict[str, Any], places: dict[int, int]) -> Guest:
    """One row; only somebody under 18 has a guardian, by their place among those who count."""
    minor = row["age_band"] != ADULT
    guardian = places.get(row["guardian"]) if minor else None
    return Guest((row["name"] or "").strip(), row["age_band"], guardian)


def registration_form(
    event: Event,
    cars: Sequence[Vehicle],
    language: str,
    *,
    accepted: int | None = None,
    **values: Any,
) -> RegistrationForm:
    """The form for one event, in the reader's language; `values` prefill it.

    Terms that were `accepted` in this wording are not asked for again.
    """
    form_class = _form_class(asked_of(event.questions, language))
    form: RegistrationForm = form_class(**values)
    _fit(form, event, cars, language)
    if terms.asked(event) in (None, accepted):
        del form.terms
    return form


def _fit(form: RegistrationForm, event: Event, cars: Sequence[Vehicle], language: str) -> None:
    needs_car = meant_cars.asks_for_car(event)
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
    else:
        _name_guardians(form, event)
    if not papers.asks_licence(event):
        del form.licence_until
    if quotas.has_choices(event.quotas):
        for question in form.asked:
            if question.kind == QuestionKind.CHOICE:
                show_what_is_left(form[question.field], question, event.quotas)


def with_spare_rows(form: RegistrationForm, event: Event) -> RegistrationForm:
    """The form as it is shown: a row for each companion that could still be named."""
    if "companions" in form:
        while len(form.companions.entries) < event.party_limit - 1:
            form.companions.append_entry()
        _name_guardians(form, event)
    return form


def _name_guardians(form: RegistrationForm, event: Event) -> None:
    """Who can look after somebody under 18: the member, or another of the party."""
    others = [
        SelectChoice(place, str(lazy_gettext("companion %(number)s", number=place)))
        for place in range(1, event.party_limit)
    ]
    choices = [SelectChoice(0, str(lazy_gettext("the member who signs up"))), *others]
    for entry in form.companions:
        entry.form.guardian.choices = choices


def car_label(car: Vehicle) -> str:
    """A car as its owner knows it: model and plate."""
    return " · ".join(part for part in (car.model, car.plate) if part) or "—"


@lru_cache(maxsize=256)
def _form_class(asked: tuple[Asked, ...]) -> type[RegistrationForm]:
    """The form with a field for each question: made once, not for each of a rush of readers."""
    fields = {question.field: question_field(question) for question in asked}
    return type("EventForm", (RegistrationForm,), {**fields, "asked": asked})
