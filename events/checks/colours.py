"""Values as people read them, and the colour that the limits propose."""

from collections.abc import Mapping

from events.models import Colour, Point
from members import car_wear


def plain(value: int | None) -> str:
    """Hundredths as people read them; nothing for none."""
    return "" if value is None else car_wear.plain(value)


def proposed(point: Point, measured: Mapping[str, int]) -> Colour | None:
    """The colour of the worst spot by the limits of the point; None without values or limits."""
    found = [_of(point, value) for value in measured.values()]
    known = [colour for colour in (Colour.RED, Colour.AMBER, Colour.GREEN) if colour in found]
    return known[0] if known else None


def _of(point: Point, value: int) -> Colour | None:
    if _beyond(value, point.red_below, point.red_above):
        return Colour.RED
    if _beyond(value, point.amber_below, point.amber_above):
        return Colour.AMBER
    limits = (point.red_below, point.amber_below, point.amber_above, point.red_above)
    return None if limits == (None, None, None, None) else Colour.GREEN


def _beyond(value: int, below: int | None, above: int | None) -> bool:
    return (below is not None and value < below) or (above is not None and value > above)
