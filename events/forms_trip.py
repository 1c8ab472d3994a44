"""The forms of a trip at the desk: its stops in rows, and what is asked of cars and drivers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from events.forms_fields import ClockField, CountField
from events.forms_rows import LONG, NUMBER, ONE_LINE, Row
from events.models import StopKind, Trip, TripDay, TripStop
from events.trips import places
from events.trips.planning import MOST_DAYS, Conditions, Contact
from events.trips.stops import MOST, StopLine
from foundation.refusals import Refusal
from foundation.web.language import say

SPARE, MORE = 1, 5
DAYS = [Optional(), NumberRange(1, MOST_DAYS, _("The trip has no such day."))]
MINUTES = [Optional(), NumberRange(0, 1440, _("Please enter minutes from 0 to 1,440."))]
CHECK_DAYS = [Optional(), NumberRange(1, 365, _("Please enter days from 1 to 365."))]


class StopRow(Row):
    """One stop. `spot` is filled by `locate` from what stands in `place`."""

    names = ("name_zh", "name_en", "at", "place", "note_zh", "note_en")
    spot: tuple[float, float] | None = None
    id = HiddenField()
    day = CountField(_("Day no."), DAYS, default=1, render_kw=NUMBER)
    kind = SelectField(_("Kind"), default=StopKind.REST.value)
    name_zh = StringField(_("Name of the stop"), ONE_LINE)
    name_en = StringField(_("in English"), ONE_LINE)
    at = ClockField(_("Arrival"), [Optional()])
    stay = CountField(_("Stay (min)"), MINUTES, render_kw=NUMBER)
    place = StringField(_("Place"), ONE_LINE)
    chinese_map = BooleanField(_("from Amap or Tencent"))
    note_zh = StringField(_("Note"), LONG)
    note_en = StringField(_("note, in English"), LONG)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [SelectChoice(kind.value, say(kind.label)) for kind in StopKind]

    def is_complete(self) -> bool:
        return self.need("name_zh", _("What is this stop called in Chinese?"))

    def locate(self, routes: Sequence[TripDay]) -> bool:
        """Find the typed place; what is none is said beside its field."""
        route = next((one for one in routes if one.day == (self.day.data or 1)), None)
        typed = places.Typed(self.place.data or "", bool(self.chinese_map.data))
        try:
            self.spot = places.find(typed, route)
        except Refusal as no:
            self.place.errors = [*self.place.errors, say(no.message, no.values)]
            return False
        return True


class StopsForm(FlaskForm):
    stops = FieldList(FormField(StopRow), _("Stops"), max_entries=MOST + MORE)

    def locate(self, routes: Sequence[TripDay]) -> bool:
        """Find the places of all rows that count."""
        rows = [entry.form for entry in self.stops.entries if entry.form.counts]
        wrong = [row for row in rows if not row.locate(routes)]
        return not wrong

    def add_rows(self, number: int) -> None:
        """Empty rows at the end."""
        for _row in range(min(number, MOST + MORE - len(self.stops.entries))):
            self.stops.append_entry()

    def lines(self, days: Sequence[date], zone: ZoneInfo) -> list[StopLine]:
        """What the rule is asked to keep, by day and time; a stop without a time stays where it
        stands."""
        rows = [entry.form for entry in self.stops.entries if entry.form.counts]
        lines = [_line(row, days, zone) for row in rows]
        latest: dict[int, datetime] = {}
        keys = []
        for line in lines:
            if line.arrives_at is not None:
                latest[line.day] = line.arrives_at
            at = line.arrives_at or latest.get(line.day)
            keys.append((line.day, at is not None, at.timestamp() if at else 0.0))
        order = sorted(range(len(lines)), key=lambda place: (keys[place], place))
        return [lines[place] for place in order]


def _line(row: Any, days: Sequence[date], zone: ZoneInfo) -> StopLine:
    day = row.day.data or 1
    known = row.at.data is not None and day <= len(days)
    spot = row.spot or (None, None)
    return StopLine(
        day=day,
        kind=next(kind for kind in StopKind if kind.value == row.kind.data),
        name_zh=row.name_zh.data.strip(),
        name_en=(row.name_en.data or "").strip() or None,
        arrives_at=datetime.combine(days[day - 1], row.at.data, zone) if known else None,
        stay_minutes=row.stay.data,
        latitude=spot[0],
        longitude=spot[1],
        note_zh=(row.note_zh.data or "").strip(),
        note_en=(row.note_en.data or "").strip() or None,
        id=int(row.id.data) if str(row.id.data or "").isdecimal() else None,
    )


def stop_values(stop: TripStop, zone: ZoneInfo) -> dict[str, Any]:
    """A stop as its row shows it."""
    known = stop.latitude is not None and stop.longitude is not None
    return {
        "id": stop.id,
        "day": stop.day,
        "kind": stop.kind.value,
        "name_zh": stop.name_zh,
        "name_en": stop.name_en,
        "at": stop.arrives_at.astimezone(zone).time() if stop.arrives_at else None,
        "stay": stop.stay_minutes,
        "place": f"{stop.latitude:.6f}, {stop.longitude:.6f}" if known else "",
        "note_zh": stop.note_zh,
        "note_en": stop.note_en,
    }


class ConditionsForm(FlaskForm):
    """Channel, tow service, whom to call, and what is asked before the start."""

    channel = StringField(_("Radio channel"), [Length(max=60)])
    tow_name = StringField(_("Tow service"), [Length(max=60)])
    tow_phone = StringField(_("Its number"), [Length(max=30)])
    contacts = TextAreaField(_("Whom to call"), LONG, render_kw={"rows": 4})
    check_days = CountField(_("Check of the car, days before"), CHECK_DAYS, render_kw=NUMBER)
    asks_insurance = BooleanField(_("The driver confirms a trip insurance"))
    asks_licence = BooleanField(_("The driver confirms a valid licence"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return self._has_numbers() and valid

    def _has_numbers(self) -> bool:
        wrong = [line for line in _texts(self.contacts.data) if _contact(line) is None]
        if wrong:
            self.contacts.errors = [
                *self.contacts.errors,
                _("No number is in this line: %(line)s", line=wrong[0][:60]),
            ]
        return not wrong

    def conditions(self) -> Conditions:
        """What the rule is asked to keep."""
        found = [_contact(line) for line in _texts(self.contacts.data)]
        return Conditions(
            channel=(self.channel.data or "").strip(),
            tow_name=(self.tow_name.data or "").strip(),
            tow_phone=(self.tow_phone.data or "").strip(),
            contacts=[one for one in found if one is not None],
            check_days=self.check_days.data,
            asks_insurance=bool(self.asks_insurance.data),
            asks_licence=bool(self.asks_licence.data),
        )


def conditions_of(trip: Trip | None) -> dict[str, Any]:
    """The values of the form for a trip."""
    if trip is None:
        return {}
    lines = [
        " ".join(text for text in (one.name, one.phone, one.part) if text) for one in trip.contacts
    ]
    names = ("channel", "tow_name", "tow_phone", "check_days", "asks_insurance", "asks_licence")
    return {name: getattr(trip, name) for name in names} | {"contacts": "\n".join(lines)}


def _texts(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _contact(line: str) -> Contact | None:
    """ "沈知予 13800138000 领队" as name, number and part; None without a number."""
    words = line.replace("，", " ").replace(",", " ").split()
    number = next((word for word in words if sum(map(str.isdigit, word)) >= 3), None)
    if number is None:
        return None
    place = words.index(number)
    before, after = " ".join(words[:place]), " ".join(words[place + 1 :])
    return Contact(name=before or after, phone=number, part=after if before else "")
