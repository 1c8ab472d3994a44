"""A list of points as its table writes it, turned into rows; limits become hundredths."""

from typing import Any

from events.models import CheckTemplate, CheckTemplatePoint
from members.models import Measure

LIMITS = ("red_below", "amber_below", "amber_above", "red_above")
_MEASURES = {measure.value: measure for measure in Measure}


def check_template(table: dict[str, Any], position: int) -> CheckTemplate:
    """The template of one table, with its points counted through all groups."""
    rows = [(group, row) for group in table["groups"] for row in group["points"]]
    return CheckTemplate(
        code=table["code"],
        name_zh=table["zh"],
        name_en=table["en"],
        position=position,
        points=[_point(group, row, place) for place, (group, row) in enumerate(rows, 1)],
    )


def _point(group: dict[str, Any], row: dict[str, Any], place: int) -> CheckTemplatePoint:
    low, high = row.get("scale", (None, None))
    return CheckTemplatePoint(
        position=place,
        group_zh=group["zh"],
        group_en=group["en"],
        name_zh=row["zh"],
        name_en=row["en"],
        unit=row.get("unit", ""),
        measure=_MEASURES[row["measure"]] if "measure" in row else None,
        spots=row.get("spots", []),
        scale_low=_hundredths(low),
        scale_high=_hundredths(high),
        advice_zh=row.get("advice_zh", ""),
        advice_en=row.get("advice_en"),
        **{name: _hundredths(row.get(name)) for name in LIMITS},
    )


def _hundredths(number: float | None) -> int | None:
    return None if number is None else round(number * 100)
