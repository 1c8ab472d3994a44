"""The shape of what somebody reads at a car: odometer, values by wheel, tyres."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, StringField
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from foundation.refusals import Refusal
from foundation.web.language import say
from members.car_wear import plain
from members.hand_reading import LONGEST_TEXT, MEASURED, TEXTS, Measured, Said
from members.measured_values import HUNDRED, hundredths
from members.measuring import Reading
from members.models import Measure, Spot

_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
_WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


class ValueField(StringField):
    """A measured number; `data` is hundredths, what cannot be read is shown again."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else plain_or_none(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = hundredths(valuelist[0]) if valuelist else None
        except Refusal as no:
            self.data = None
            raise ValueError(say(no.message, no.values)) from no

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class MileageField(ValueField):
    """Whole kilometres, also with separators; kept as hundredths like every other value."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].replace(",", "").replace("，", "") if valuelist else ""
        super().process_formdata(["".join(text.split())])


def plain_or_none(value: int | None) -> str:
    """A stored value as it is typed; nothing is an empty field."""
    return "" if value is None else plain(value)


class MeasuredForm(FlaskForm):
    """One field for each thing at each spot, named `pad-front-left`; see `_form_class`."""

    read_on = DateField(_("Read on"), [InputRequired(_("On which day was it read?"))])
    odometer = MileageField(_(Measure.ODOMETER.label), [Optional()], render_kw=_WHOLE)
    sure = BooleanField(_("I read the odometer twice"))

    def rows(self) -> Iterator[tuple[Measured, list[tuple[Spot, Field]]]]:
        """What is measured with the fields of its spots."""
        for one in MEASURED:
            yield one, [(spot, self[_name(one.measure, spot)]) for spot in one.spots]

    def texts(self) -> list[Field]:
        return [self[_name(measure)] for measure in TEXTS]

    def said(self) -> Said:
        """What was typed, for the rule; the form is valid."""
        assert self.read_on.data is not None
        return Said(self.read_on.data, list(self._readings()), sure=bool(self.sure.data))

    def _readings(self) -> Iterator[Reading]:
        if self.odometer.data is not None:
            whole = self.odometer.data // HUNDRED * HUNDRED
            yield Reading(Measure.ODOMETER, whole, "km")
        for one, fields in self.rows():
            for spot, field in fields:
                if field.data is not None:
                    yield Reading(one.measure, field.data, one.unit, spot=spot)
        for measure in TEXTS:
            text = (self[_name(measure)].data or "").strip()
            if text:
                yield Reading(measure, text=text)


def measured_form(on: date, readings: Sequence[Reading] = ()) -> MeasuredForm:
    """The form with what was said before; what is posted counts over it."""
    data: dict[str, Any] = {"read_on": on}
    for one in readings:
        name = "odometer" if one.measure is Measure.ODOMETER else _name(one.measure, one.spot)
        data[name] = one.value if one.text is None else one.text
    return _FORM(data=data)


def _name(measure: Measure, spot: Spot = Spot.WHOLE) -> str:
    return f"{measure.value}-{spot.value}" if spot.value else measure.value


def _form_class() -> type[MeasuredForm]:
    fields: dict[str, Any] = {
        _name(one.measure, spot): ValueField(
            _(spot.label if spot.value else one.measure.label), [Optional()], render_kw=_DECIMAL
        )
        for one in MEASURED
        for spot in one.spots
    }
    for measure in TEXTS:
        long = Length(max=LONGEST_TEXT, message=_("Please use at most 40 characters."))
        fields[_name(measure)] = StringField(_(measure.label), [Optional(), long])
    return type("CarMeasuredForm", (MeasuredForm,), fields)


_FORM = _form_class()
