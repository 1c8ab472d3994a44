"""The event editor's form: the shape of a plan; the rules decide what may be."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from events.forms_fields import CountField, MomentField, MoneyField
from events.forms_rows import (
    LONG,
    NUMBER,
    ONE_LINE,
    PLACES,
    AgendaRow,
    HostRow,
    QuestionRow,
    SessionRow,
    SlotMaker,
    StepRow,
)
from events.models import Unit
from events.papers import Paper

TEXT = [Optional(), Length(max=20_000, message=_("Please use at most 20,000 characters."))]
ROW_LISTS = ("hosts", "agenda", "steps", "sessions", "questions")
MOST_ROWS = 240


def _area(label: Any, rows: int = 4) -> TextAreaField:
    return TextAreaField(label, TEXT, render_kw={"rows": rows})


class PlanForm(FlaskForm):
    """One event with all its lists."""

    title_zh = StringField(
        _("Event title"), [InputRequired(_("Please give the event a title.")), *ONE_LINE[1:]]
    )
    title_en = StringField(_("Title in English"), ONE_LINE)
    summary_zh = StringField(_("In one sentence"), LONG)
    summary_en = StringField(_("In one sentence, in English"), LONG)
    about_zh = _area(_("About the event"), 8)
    about_en = _area(_("About the event, in English"), 8)
    bring_zh = _area(_("What to bring"), 3)
    bring_en = _area(_("What to bring, in English"), 3)
    offer_zh = _area(_("Side offer"))
    offer_en = _area(_("Side offer, in English"))
    gift_zh = StringField(_("Gift"), LONG)
    gift_en = StringField(_("Gift, in English"), LONG)
    gift_rule_zh = _area(_("Gift rule"), 3)
    gift_rule_en = _area(_("Gift rule, in English"), 3)
    gifts = CountField(_("Gifts in stock"), PLACES, render_kw=NUMBER)

    starts_at = MomentField(_("Begins"), [InputRequired(_("When does it begin?"))])
    ends_at = MomentField(_("Ends"), [InputRequired(_("When does it end?"))])
    place_zh = StringField(
        _("Place"), [InputRequired(_("Where does it take place?")), *ONE_LINE[1:]]
    )
    place_en = StringField(_("Place in English"), ONE_LINE)
    address = StringField(_("Address"), ONE_LINE)
    edition = CountField(
        _("Edition"),
        [Optional(), NumberRange(1, 999, _("An edition is counted from 1."))],
        render_kw=NUMBER,
    )

    for_tiers = SelectMultipleField(_("Only for these tiers"), validate_choice=True)
    for_models = SelectMultipleField(_("Only for these models"), validate_choice=True)
    for_energies = SelectMultipleField(_("Only for this energy"), validate_choice=True)
    interests = SelectMultipleField(_("Speaks to these interests"), validate_choice=True)
    interests_only = BooleanField(_("Only those who like one of these interests"))
    invited_only = BooleanField(_("Only those who are invited"))
    hidden = BooleanField(_("Nobody else sees it"))

    unit = RadioField(
        _("What takes a place"),
        choices=[
            SelectChoice(Unit.PERSON.value, _("Each person")),
            SelectChoice(Unit.CAR.value, _("Each car")),
        ],
        default=Unit.PERSON.value,
    )
    one_per_car = BooleanField(_("A car can come only once"))
    party_limit = CountField(
        _("Largest party"),
        [
            InputRequired(_("How many people may come together?")),
            NumberRange(1, 99, _("A party may have from 1 to 99 people.")),
        ],
        default=4,
        render_kw=NUMBER,
    )
    places = CountField(_("Places"), PLACES, render_kw=NUMBER)
    cars = CountField(_("Cars at most"), PLACES, render_kw=NUMBER)
    tier_general = CountField(_("General"), PLACES, render_kw=NUMBER)
    tier_silver = CountField(_("Silver"), PLACES, render_kw=NUMBER)
    tier_gold = CountField(_("Gold"), PLACES, render_kw=NUMBER)
    tier_diamond = CountField(_("Diamond"), PLACES, render_kw=NUMBER)

    reserved_silver = CountField(_("Silver and above"), PLACES, render_kw=NUMBER)
    reserved_gold = CountField(_("Gold and above"), PLACES, render_kw=NUMBER)
    reserved_diamond = CountField(_("Diamond only"), PLACES, render_kw=NUMBER)
    reserved_until = MomentField(_("Kept for them until"), [Optional()])
    asks_papers = SelectMultipleField(
        _("Papers that must run to the last day"),
        choices=[
            SelectChoice(Paper.COMPULSORY.value, _("Compulsory insurance")),
            SelectChoice(Paper.COMMERCIAL.value, _("Commercial insurance")),
            SelectChoice(Paper.INSPECTION.value, _("Inspection")),
            SelectChoice(Paper.LICENCE.value, _("Driving licence")),
        ],
    )
    agency = StringField(_("Travel agency"), ONE_LINE)
    agency_licence = StringField(_("Its licence number"), ONE_LINE)
    insurer = StringField(_("Insurer"), ONE_LINE)
    terms_zh = _area(_("Terms to accept"), 6)
    terms_en = _area(_("Terms to accept, in English"), 6)

    fee_fen = MoneyField(_("Fee"), render_kw={"inputmode": "decimal"})
    onsite_fee_fen = MoneyField(_("Fee on site"), render_kw={"inputmode": "decimal"})
    fee_zh = StringField(_("About the fee"), ONE_LINE)
    fee_en = StringField(_("About the fee, in English"), ONE_LINE)
    attendance_points = CountField(
        _("Points for coming"),
        [Optional(), NumberRange(0, 100_000, _("Points cannot be below zero."))],
        render_kw=NUMBER,
    )
    voucher_kind_id = SelectField(
        _("Voucher for coming"), coerce=lambda value: int(value or 0) or None, choices=[]
    )

    register_from = MomentField(_("Sign-up opens"), [Optional()])
    register_until = MomentField(_("Sign up by"), [Optional()])
    change_until = MomentField(_("Change by"), [Optional()])
    cancel_until = MomentField(_("Cancel by"), [Optional()])

    agenda = FieldList(FormField(AgendaRow), _("Agenda"), max_entries=MOST_ROWS)
    hosts = FieldList(FormField(HostRow), _("Hosts"), max_entries=MOST_ROWS)
    steps = FieldList(FormField(StepRow), _("Steps of check-in"), max_entries=MOST_ROWS)
    sessions = FieldList(FormField(SessionRow), _("Sessions"), max_entries=MOST_ROWS)
    slots = FormField(SlotMaker)
    checklist = TextAreaField(_("Items, one per line"), TEXT, render_kw={"rows": 10})
    questions = FieldList(FormField(QuestionRow), _("Questions"), max_entries=MOST_ROWS)

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then the order of the moments, each said beside its field."""
        valid = super().validate(extra_validators)
        return self._in_order() and valid

    def _in_order(self) -> bool:
        starts, ends = self.starts_at.data, self.ends_at.data
        if starts is None or ends is None:
            return False
        until = self.register_until.data or starts
        wrong: list[tuple[Field, Any]] = []
        if ends <= starts:
            wrong.append((self.ends_at, _("The event must end after it starts.")))
        if until > ends:
            wrong.append((self.register_until, _("Sign-up must close before the event is over.")))
        if self.register_from.data is not None and self.register_from.data >= until:
            wrong.append((self.register_from, _("Sign-up must open before it closes.")))
        for deadline in (self.change_until, self.cancel_until):
            if deadline.data is not None and deadline.data > ends:
                wrong.append((deadline, _("This must lie before the event is over.")))
        for field, words in wrong:
            field.errors = [*field.errors, words]
        return not wrong

    def add_rows(self, name: str, number: int) -> None:
        """Empty rows at the end of a list."""
        rows: FieldList = self[name]
        for _row in range(min(number, MOST_ROWS - len(rows.entries))):
            rows.append_entry()

    def move_row(self, name: str, place: int, by: int) -> None:
        """Let two rows of a list change places."""
        rows: FieldList = self[name]
        other = place + by
        if 0 <= place < len(rows.entries) and 0 <= other < len(rows.entries):
            rows.entries[place].form.trade(rows.entries[other].form)
            if name == "questions":
                self._follow({place + 1: other + 1, other + 1: place + 1})

    def _follow(self, moved: dict[int, int]) -> None:
        """Conditions go on naming the question they meant."""
        for entry in self.questions.entries:
            field = entry.form.only_if
            if field.data in moved:
                field.data = moved[field.data]
                field.raw_data = None
