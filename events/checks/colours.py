"""Values as people type and read them, and the colour that the limits propose."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from events.checks.refusals import ValueUnclear
from events.models import Colour, Point
from foundation.words import N_
from members import car_wear

HUNDRED = 100
MOST = 1_000_000
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


def hundredths(text: str) -> int | None:
    """A typed number as hundredths; None for nothing. A comma counts as a point."""
    plain_text = text.strip().translate(_FULL_WIDTH).replace(",", ".").replace("−", "-")
    if not plain_text:
        return None
    try:
        number = Decimal(plain_text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > MOST:
        raise ValueUnclear(N_("“%(text)s” is not a number such as 4.5."), text=text.strip()[:20])
    return int((number * HUNDRED).to_integral_value())


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
