"""Kinds of fields of the event editor: moments, clock times, numbers, money."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, IntegerField, StringField, TimeField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from foundation.amounts import parse_fen
from foundation.clock import is_meant
from foundation.money import yuan
from foundation.refusals import Refusal
from foundation.web.language import say


class ReadOnce:
    """What could not be read is said once; further checks of the field would only repeat it."""

    process_errors: Any
    raw_data: Any

    def pre_validate(self, form: Any) -> None:
        if self.process_errors and self.raw_data and str(self.raw_data[0]).strip():
            raise StopValidation


class ClockField(ReadOnce, TimeField):
    """A time of day; what cannot be read is shown again and said in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("Please enter a time such as 10:00.")) from wrong


class CountField(ReadOnce, IntegerField):
    """A whole number; the full-width digits of a Chinese keyboard count too."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("Please enter a whole number.")) from wrong


class MomentField(ReadOnce, DateTimeLocalField):
    """A day and a time on the shop's clock, without its zone."""

    data: datetime | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(_("Please enter a day and a time.")) from wrong
        if self.data is not None and not is_meant(self.data):
            self.data = None
            raise ValueError(_("Please enter a day and a time."))


class MoneyField(ReadOnce, StringField):
    """An amount as people write it; `data` is whole fen."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return yuan(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = 0
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = parse_fen(valuelist[0])
        except Refusal as no:
            raise ValueError(say(no.message, no.values)) from no
