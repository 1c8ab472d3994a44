"""The shape of what an owner says of a car."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from foundation.web.language import say
from members.car_words import BODY_WORDS, ENERGY_WORDS, energy_known
from members.garage import CarFacts
from members.models import BodyType, Energy, Vehicle

_PLAIN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
_DATES = ("compulsory_insurance_until", "commercial_insurance_until", "inspection_until")
_MOST_KM = 3_000_000


class CarForm(FlaskForm):
    plate = StringField(_("Plate"), [Length(max=20)], render_kw=_PLAIN)
    vin = StringField(_("VIN"), [Length(max=40)], render_kw=_PLAIN)
    make = StringField(_("Make"), [Length(max=40)])
    model = StringField(_("Model"), [Length(max=60)])
    colour = StringField(_("Colour"), [Length(max=30)])
    model_year = IntegerField(
        _("Model year"),
        [Optional(), NumberRange(1950, 2100, _("Please enter a year like 2024."))],
        render_kw={"inputmode": "numeric"},
    )
    body = SelectField(_("Body"))
    energy = SelectField(_("Energy"))
    mileage_km = IntegerField(
        _("Mileage"),
        [Optional(), NumberRange(0, _MOST_KM, _("Please enter whole kilometres."))],
        render_kw={"inputmode": "numeric"},
    )
    compulsory_insurance_until = DateField(_("Compulsory insurance until"), [Optional()])
    commercial_insurance_until = DateField(_("Commercial insurance until"), [Optional()])
    inspection_until = DateField(_("Inspection valid until"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body.choices = [
            SelectChoice(kind.value, say(words)) for kind, words in BODY_WORDS.items()
        ]
        self.energy.choices = [
            SelectChoice("", gettext("Please choose")),
            *(SelectChoice(kind.value, say(words)) for kind, words in ENERGY_WORDS.items()),
        ]

    def facts(self) -> CarFacts:
        """What was said, for the rule."""
        return CarFacts(
            plate=self.plate.data or "",
            vin=self.vin.data or "",
            make=self.make.data or "",
            model=self.model.data or "",
            colour=self.colour.data or "",
            model_year=self.model_year.data,
            body=BodyType(self.body.data),
            energy=Energy(self.energy.data) if self.energy.data else None,
            mileage_km=self.mileage_km.data,
            **{name: self[name].data for name in _DATES},
        )


class GiveUpForm(FlaskForm):
    on = DateField(_("Since when is it no longer yours?"))


def form_of(vehicle: Vehicle) -> CarForm:
    """The form filled with what is known of a car."""
    form = CarForm(obj=vehicle)
    if not energy_known(vehicle):
        form.energy.data = ""
    return form
