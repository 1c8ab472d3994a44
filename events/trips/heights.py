"""The height profile of a day as lines and labels of a drawing."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 440, 150
LEFT, RIGHT, TOP, FOOT = 44, 8, 26, 24
_STEPS_KM = (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 500)
_STEPS_M = (10, 20, 50, 100, 200, 500, 1000, 2000)


@dataclass(frozen=True, slots=True)
class Profile:
    """`line` and `area` are paths; `levels` (metres, y), `marks` (words, x) and `stops` (number, x)
    are labelled."""

    width: int
    height: int
    left: int
    right: int
    floor: int
    line: str
    area: str
    levels: list[tuple[int, float]]
    marks: list[tuple[str, float]]
    stops: list[tuple[int, float]]
    highest: int
    lowest: int


def profile(
    heights: Sequence[Sequence[int]], metres: int, stops: Sequence[tuple[int, int]]
) -> Profile | None:
    """The profile of a day of so many metres; `stops` are numbers with their way from the start.

    None where no heights are known.
    """
    if len(heights) < 2 or metres <= 0:
        return None
    lowest, highest = min(high for _m, high in heights), max(high for _m, high in heights)
    step = next((one for one in _STEPS_M if (highest - lowest) / one <= 4), _STEPS_M[-1])
    bottom = lowest // step * step
    top = max(-(-highest // step) * step, bottom + step)
    floor = HEIGHT - FOOT

    def across(way: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * min(way / metres, 1), 1)

    def up(high: float) -> float:
        return round(floor - (floor - TOP) * (high - bottom) / (top - bottom), 1)

    line = "M" + "L".join(f"{across(way):g} {up(high):g}" for way, high in heights)
    first, last = across(heights[0][0]), across(heights[-1][0])
    return Profile(
        WIDTH,
        HEIGHT,
        LEFT,
        WIDTH - RIGHT,
        floor,
        line,
        f"{line}L{last:g} {floor}L{first:g} {floor}Z",
        [(level, up(level)) for level in range(bottom, top + 1, step)],
        [(words, across(way)) for words, way in _marks(metres)],
        _apart([(number, across(way)) for number, way in stops]),
        highest,
        lowest,
    )


def _marks(metres: int) -> list[tuple[str, int]]:
    """Round kilometres along the foot, at most six, and the whole way at its end."""
    km = metres / 1000
    step = next((one for one in _STEPS_KM if km / one <= 6), _STEPS_KM[-1])
    number, found = 0, []
    while number * step < km - step * 0.6:
        found.append((f"{number * step:g}", round(number * step * 1000)))
        number += 1
    return [*found, (f"{km:.0f} km" if km >= 10 else f"{km:.1f} km", metres)]


def _apart(stops: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Numbers above the line, none over another: one that has no room is left to the list."""
    found: list[tuple[int, float]] = []
    for number, x in sorted(stops, key=lambda one: (one[1], one[0])):
        if not found or x - found[-1][1] >= 18:
            found.append((number, x))
    return found
