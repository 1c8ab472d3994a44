"""The form in which staff note what an event costs."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from events.costs import LONGEST
from events.forms_fields import MoneyField
from events.models import EventCost
from foundation.money import yuan

DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class CostField(MoneyField):
    """An amount; an empty field is no cost that we know, which is not ¥0."""

    data: Any

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        return yuan(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if not valuelist or not valuelist[0].strip():
            self.data = None


class CostForm(FlaskForm):
    planned_fen = CostField(_("Planned cost (¥)"), render_kw=DECIMAL)
    actual_fen = CostField(_("Actual cost (¥)"), render_kw=DECIMAL)
    note = StringField(
        _("What it was for"),
        [Length(max=LONGEST, message=_("Please use at most 500 characters."))],
    )


def cost_values(cost: EventCost | None) -> dict[str, Any]:
    """A noted cost as its form shows it."""
    if cost is None:
        return {}
    return {"planned_fen": cost.planned_fen, "actual_fen": cost.actual_fen, "note": cost.note}
