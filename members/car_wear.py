"""How worn a car is, as arcs of a gauge: pads, tyres, battery, as last measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from members.models import CarMeasurement, Measure


@dataclass(frozen=True, slots=True)
class Scale:
    """The ends of a gauge and its limits, in hundredths of the unit."""

    low: int
    high: int
    now_below: int
    soon_below: int


@dataclass(frozen=True, slots=True)
class Wear:
    """A measured thing: from `least` to `most` over its spots, and the arc from `low` to `high`,
    0 to 100; `state` is good, soon or now, by the worst spot."""

    measure: Measure
    unit: str
    least: int
    most: int
    state: str
    low: int
    high: int
    on: date

    @property
    def words(self) -> str:
        """The range with its unit: 4.5–6.2 mm."""
        ends = dict.fromkeys((plain(self.least), plain(self.most)))
        return f"{'–'.join(ends)} {self.unit}"


SCALES = {
    Measure.PAD: Scale(0, 1200, 300, 500),
    Measure.TREAD: Scale(0, 800, 160, 300),
    Measure.BATTERY: Scale(1150, 1300, 1200, 1240),
}
_SPREAD = 3


def wear_of(rows: Sequence[CarMeasurement]) -> list[Wear]:
    """The gauges of a car from the newest values of its archive; none if nothing was measured."""
    return [wear for measure in SCALES if (wear := _wear(measure, rows)) is not None]


def _wear(measure: Measure, rows: Sequence[CarMeasurement]) -> Wear | None:
    mine = [row for row in rows if row.measure is measure and row.value is not None]
    if not mine:
        return None
    scale, values = SCALES[measure], [row.value or 0 for row in mine]
    least, most = min(values), max(values)
    state = "now" if least < scale.now_below else "soon" if least < scale.soon_below else "good"
    return Wear(
        measure,
        mine[0].unit,
        least,
        most,
        state,
        max(place(least, scale.low, scale.high) - _SPREAD, 0),
        min(place(most, scale.low, scale.high) + _SPREAD, 100),
        max(row.measured_on for row in mine),
    )


def place(value: int, low: int, high: int) -> int:
    """Where a value lies between the ends of a scale, 0 to 100."""
    return min(max((value - low) * 100 // (high - low), 0), 100)


def plain(value: int) -> str:
    """Hundredths as people read them: 4.5, 12, -32."""
    sign = "-" if value < 0 else ""
    return sign + f"{abs(value) // 100}.{abs(value) % 100:02d}".rstrip("0").rstrip(".")
