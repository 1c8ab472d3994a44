"""What was typed into a check sheet or its list of points, as the rules take it."""

from collections.abc import Iterator
from typing import Any

from flask import request

from events.checks.points import PointLine
from events.checks.refusals import PointsUnclear
from events.checks.sheets import LONGEST, Head, Mark
from events.models import CheckResult, CheckSheet, Colour
from foundation.web.incoming import typed, whole
from foundation.words import N_
from members.measured_values import ValueUnclear, hundredths
from members.models import Measure, Spot

_COLOURS = {colour.value: colour for colour in Colour}
_MEASURES = {measure.value: measure for measure in Measure}
LIMITS = ("scale_low", "scale_high", "red_below", "amber_below", "amber_above", "red_above")


def marks(check: CheckSheet) -> Iterator[Mark]:
    """What was said of each point that the form names."""
    rows = {row.id: row for row in check.results}
    for number in request.form.getlist("point", type=whole):
        row = rows.get(number)
        if row is None:
            raise ValueUnclear(N_("This point does not belong to the sheet."))
        yield _mark(row)


def _mark(row: CheckResult) -> Mark:
    measured = {}
    for spot in row.places:
        value = hundredths(typed(f"value-{row.id}-{spot}", 20))
        if value is not None:
            measured[spot] = value
    price = hundredths(typed(f"price-{row.id}", 20))
    if price is not None and price < 0:
        raise ValueUnclear(N_("A price cannot be below zero."))
    return Mark(
        row.id,
        _COLOURS.get(typed(f"colour-{row.id}")),
        measured,
        typed(f"note-{row.id}", LONGEST),
        typed(f"advice-{row.id}", LONGEST),
        price,
    )


def head() -> Head:
    """The top of a sheet."""
    text = typed("odometer_km", 20).replace(",", "").replace(" ", "")
    try:
        km = int(text) if text else None
    except ValueError:
        raise ValueUnclear(N_("Please enter the odometer in whole kilometres.")) from None
    return Head(
        km,
        "sure" in request.form,
        typed("tyre_brand", 40),
        typed("tyre_size", 40),
        typed("tyre_dot", 40),
    )


def point_lines() -> list[PointLine]:
    """The rows of the list of points that are named and not taken out, in their order."""
    found = []
    for key in request.form.getlist("row"):
        if f"remove-{key}" in request.form or not typed(f"name_zh-{key}"):
            continue
        found.append((_place(key), _line(key)))
    return [line for _place_of, line in sorted(found, key=lambda one: one[0])]


def _place(key: str) -> int:
    place: int = request.form.get(f"position-{key}", 999, type=whole)
    return place


def _line(key: str) -> PointLine:
    values: dict[str, Any] = {name: hundredths(typed(f"{name}-{key}", 20)) for name in LIMITS}
    spots = request.form.getlist(f"spots-{key}")
    if len(spots) > len(Spot):
        raise PointsUnclear(N_("A point is measured at spots that no car has."))
    return PointLine(
        name_zh=typed(f"name_zh-{key}", 80),
        name_en=typed(f"name_en-{key}", 80) or None,
        group_zh=typed(f"group_zh-{key}", 40),
        group_en=typed(f"group_en-{key}", 40) or None,
        unit=typed(f"unit-{key}", 12),
        measure=_MEASURES.get(typed(f"measure-{key}")),
        spots=spots,
        advice_zh=typed(f"advice_zh-{key}", LONGEST),
        advice_en=typed(f"advice_en-{key}", LONGEST) or None,
        **values,
    )
