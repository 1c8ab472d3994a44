"""What an owner reads of a check: counts, gauges, and what is advised."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from events.checks.colours import plain
from events.models import CheckResult, CheckSheet, Colour, Point
from members.car_wear import place

SPREAD = 3
STATES = {Colour.GREEN: "good", Colour.AMBER: "soon", Colour.RED: "now"}


@dataclass(frozen=True, slots=True)
class Summary:
    """How many points are good, soon, now, and not on this car."""

    good: int
    soon: int
    now: int
    absent: int


@dataclass(frozen=True, slots=True)
class Dial:
    """A measured point as a gauge: `words` with its unit, the arc from `low` to `high`."""

    words: str
    low: int
    high: int
    state: str


def summary_of(check: CheckSheet) -> Summary:
    """The counts of a sheet."""
    colours = [row.colour for row in check.results]
    return Summary(
        colours.count(Colour.GREEN),
        colours.count(Colour.AMBER),
        colours.count(Colour.RED),
        colours.count(Colour.ABSENT),
    )


def advised(check: CheckSheet) -> list[CheckResult]:
    """The points that want something done, the urgent ones first."""
    found = [row for row in check.results if row.colour in (Colour.RED, Colour.AMBER)]
    return sorted(found, key=lambda row: (row.colour is Colour.AMBER, row.position))


def grouped(rows: Sequence[CheckResult]) -> list[tuple[CheckResult, list[CheckResult]]]:
    """The points by their groups, each with the first that names it."""
    found = [list(group) for _name, group in groupby(rows, key=lambda row: row.group_zh)]
    return [(group[0], group) for group in found]


def value_words(row: CheckResult) -> str:
    """What was measured, from the least to the most: 4.5–6.2 mm."""
    values = sorted(row.measured.values())
    if not values:
        return ""
    span = plain(values[0])
    if values[0] != values[-1]:
        span = f"{span}–{plain(values[-1])}"
    return f"{span} {row.unit}".strip()


def dial_of(row: CheckResult) -> Dial | None:
    """The gauge of a measured point; None where nothing was measured or it has no scale."""
    low, high = row.scale_low, row.scale_high
    if not row.measured or row.colour is None or low is None or high is None or low >= high:
        return None
    least, most = min(row.measured.values()), max(row.measured.values())
    return Dial(
        value_words(row),
        max(place(least, low, high) - SPREAD, 0),
        min(place(most, low, high) + SPREAD, 100),
        STATES.get(row.colour, "unknown"),
    )


def limits_of(point: Point) -> list[tuple[str, str]]:
    """(kind, value) of each limit, for whoever fills the sheet: below or above which colour."""
    limits = (
        ("red-below", point.red_below),
        ("amber-below", point.amber_below),
        ("amber-above", point.amber_above),
        ("red-above", point.red_above),
    )
    return [(kind, plain(value)) for kind, value in limits if value is not None]
