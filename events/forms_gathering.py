"""The forms of a gathering at the desk: a ballot, what is for sale, a sale, a measured run."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DecimalField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from events.forms_fields import CountField, MomentField, MoneyField, ReadOnce
from events.forms_rows import NUMBER, ONE_LINE, PLACES, Row, lines_of
from events.gatherings.ballots import MOST_OPTIONS, Name, Wish
from events.gatherings.contest import Measured
from events.gatherings.sales import MOST_AT_ONCE, ItemLine
from events.models import Ballot, ContestClass, ContestRun, Registration, SaleItem
from foundation.web.language import say

MOST_ITEMS, MORE, SPARE = 30, 5, 1


class BallotForm(FlaskForm):
    title_zh = StringField(_("What is voted on"), [InputRequired(), *ONE_LINE[1:]])
    title_en = StringField(_("In English"), ONE_LINE)
    options = TextAreaField(
        _("Options"),
        [InputRequired(), Length(max=6000, message=_("Please use at most 6,000 characters."))],
        render_kw={"rows": 8},
    )
    opens_at = MomentField(_("Open from"), [InputRequired(_("From when can people vote?"))])
    closes_at = MomentField(_("Result at"), [InputRequired(_("When is the result shown?"))])

    def wish(self, zone: ZoneInfo) -> Wish:
        """What was typed, as the rule takes it; the form is valid."""
        assert self.opens_at.data is not None
        assert self.closes_at.data is not None
        return Wish(
            Name((self.title_zh.data or "").strip(), (self.title_en.data or "").strip() or None),
            [in_both(line) for line in lines_of(self.options.data)][: MOST_OPTIONS + 1],
            self.opens_at.data.replace(tzinfo=zone),
            self.closes_at.data.replace(tzinfo=zone),
        )


def ballot_values(ballot: Ballot, zone: ZoneInfo) -> dict[str, Any]:
    """A ballot as its form shows it."""
    both = [(one.name_zh, one.name_en) for one in ballot.options]
    return {
        "title_zh": ballot.title_zh,
        "title_en": ballot.title_en,
        "options": "\n".join(f"{zh} | {en}" if en else zh for zh, en in both),
        "opens_at": ballot.opens_at.astimezone(zone).replace(tzinfo=None),
        "closes_at": ballot.closes_at.astimezone(zone).replace(tzinfo=None),
    }


def in_both(line: str) -> Name:
    """`中文 | English`, the English may be missing."""
    chinese, _bar, english = line.replace("｜", "|").partition("|")
    return Name((chinese.strip() or english.strip())[:200], english.strip()[:200] or None)


class ItemRow(Row):
    """Something for sale."""

    names = ("name_zh", "name_en")
    id = HiddenField()
    name_zh = StringField(_("What"), ONE_LINE)
    name_en = StringField(_("in English"), ONE_LINE)
    price_fen = MoneyField(_("Price (¥)"))
    stock = CountField(_("In stock"), PLACES, render_kw=NUMBER)

    def is_complete(self) -> bool:
        return self.need("name_zh", _("What is this called in Chinese?"))


class ItemsForm(FlaskForm):
    items = FieldList(FormField(ItemRow), _("For sale"), max_entries=MOST_ITEMS + MORE)

    def with_spares(self, number: int = SPARE) -> "ItemsForm":
        """Empty rows at the end, to write into."""
        for _row in range(min(number, MOST_ITEMS + MORE - len(self.items.entries))):
            self.items.append_entry({})
        return self

    def lines(self) -> list[ItemLine]:
        """The rows that count; the form is valid."""
        rows = [entry.form.data for entry in self.items.entries if entry.form.counts]
        return [
            ItemLine(
                row["name_zh"].strip(),
                max(row["price_fen"] or 0, 0),
                row["stock"],
                (row["name_en"] or "").strip() or None,
                int(row["id"]) if str(row["id"] or "").isdecimal() else None,
            )
            for row in rows
        ]


def item_values(items: Sequence[SaleItem]) -> dict[str, Any]:
    """The form's values for what is for sale."""
    names = ("id", "name_zh", "name_en", "price_fen", "stock")
    return {"items": [{name: getattr(one, name) for name in names} for one in items]}


class WhoForm(FlaskForm):
    """A form about one of those who are here."""

    registration_id = SelectField(_("Car or guest"), coerce=int)

    def offer(self, here: Sequence[Registration]) -> None:
        self.registration_id.choices = [SelectChoice(one.id, _named(one)) for one in here]


def _named(one: Registration) -> str:
    plate = one.vehicle.plate if one.vehicle else None
    return f"{plate} · {one.owner.name}" if plate else one.owner.name


class SaleForm(WhoForm):
    item_id = SelectField(_("What"), coerce=int)
    count = CountField(
        _("How many"),
        [InputRequired(), NumberRange(1, MOST_AT_ONCE, _("Please enter a number from 1 to 20."))],
        default=1,
        render_kw=NUMBER,
    )
    request_id = HiddenField(validators=[Length(max=64)])


class AmountField(ReadOnce, DecimalField):
    """A measured figure with up to three decimals."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text.replace("，", ".").strip() for text in valuelist])
        except ValueError as wrong:
            raise ValueError(_("Please enter a number such as 6.25.")) from wrong
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(_("Please enter a number such as 6.25."))


FIGURE = [InputRequired(), NumberRange(0, 100_000, _("Please enter a number from 0."))]


class RunForm(WhoForm):
    in_class = SelectField(_("Class"))
    kilometres = AmountField(_("Way (km)"), FIGURE, places=None)
    used = AmountField(_("Used (L or kWh)"), FIGURE, places=None)
    out_because = StringField(_("Out of the ranking because"), [Optional(), *ONE_LINE[1:]])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.in_class.choices = [SelectChoice(one.value, say(one.label)) for one in ContestClass]

    def measured(self) -> Measured:
        """Metres, and millilitres or watt-hours; the form is valid."""
        return Measured(
            next(one for one in ContestClass if one.value == self.in_class.data),
            _thousandths(self.kilometres.data),
            _thousandths(self.used.data),
            self.out_because.data or "",
        )


def run_values(run: ContestRun) -> dict[str, Any]:
    """The form's values for what was measured, in kilometres and in litres or kWh."""
    return {
        "registration_id": run.registration_id,
        "in_class": run.in_class.value,
        "kilometres": Decimal(run.metres) / 1000,
        "used": Decimal(run.used) / 1000,
        "out_because": run.out_because,
    }


def _thousandths(number: Decimal | None) -> int:
    return round((number or Decimal(0)) * 1000)
