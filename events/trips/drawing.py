"""A day's route as lines and dots of a drawing: north is up, a kilometre is as long in all parts.

The sheet is as wide as a phone; nothing comes from a map service. Templates draw what stands here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, LOWEST, HIGHEST, MARGIN = 440, 240, 460, 34
DOT = 12
_KM_PER_DEGREE = 111.319
_SCALES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
Line = Sequence[Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Something to mark: its number in the list beside the drawing."""

    number: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a number stands, and the place that it means, where the two lie apart."""

    number: int
    x: float
    y: float
    from_x: float
    from_y: float

    @property
    def apart(self) -> bool:
        return (self.x, self.y) != (self.from_x, self.from_y)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Paths of the parts and of the gaps between them, flags, dots, and the bar of the scale."""

    width: int
    height: int
    ways: list[str]
    gaps: list[str]
    start: tuple[float, float]
    finish: tuple[float, float]
    dots: list[Dot]
    scale_km: float
    scale_width: float
    scale_x: float
    north_x: float

    @property
    def scale_words(self) -> str:
        return f"{self.scale_km:g} km" if self.scale_km >= 1 else f"{self.scale_km * 1000:g} m"


class _Sheet:
    """From degrees to the sheet. Longitudes are counted on past the date line."""

    def __init__(self, line: Line, places: Sequence[Place]) -> None:
        spots = [(lat, lon) for part in line for lat, lon in part]
        spots += [(one.latitude, one.longitude) for one in places]
        lons = [lon for _lat, lon in spots]
        self.wraps = max(lons) - min(lons) > 180
        lons = [self._on(lon) for lon in lons]
        lats = [lat for lat, _lon in spots]
        self.west, self.north = min(lons), max(lats)
        self.squeeze = max(math.cos(math.radians((min(lats) + max(lats)) / 2)), 0.01)
        wide = max((max(lons) - self.west) * self.squeeze, 1e-6)
        high = max(self.north - min(lats), 1e-6)
        room_wide, room_high = WIDTH - 2 * MARGIN, HIGHEST - 2 * MARGIN
        self.per_degree = min(room_wide / wide, room_high / high)
        self.height = round(max(LOWEST, high * self.per_degree + 2 * MARGIN))
        self.left = (WIDTH - wide * self.per_degree) / 2
        self.top = (self.height - high * self.per_degree) / 2

    def _on(self, longitude: float) -> float:
        return longitude + 360 if self.wraps and longitude < 0 else longitude

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        across = (self._on(longitude) - self.west) * self.squeeze
        x = self.left + across * self.per_degree
        return round(x, 1), round(self.top + (self.north - latitude) * self.per_degree, 1)


def draw(line: Line, places: Sequence[Place]) -> Drawing:
    """The drawing of a day's line with its numbered places."""
    sheet = _Sheet(line, places)
    parts = [[sheet.at(lat, lon) for lat, lon in part] for part in line]
    start, finish = parts[0][0], parts[-1][-1]
    joints = pairwise(parts)
    km, width = _scale(sheet.per_degree / _KM_PER_DEGREE)
    return Drawing(
        WIDTH,
        sheet.height,
        [_path(part) for part in parts],
        [_path([one[-1], other[0]]) for one, other in joints],
        start,
        finish,
        _dots(places, sheet),
        km,
        width,
        *_corners(parts, sheet.height, width),
    )


def _corners(
    parts: Sequence[Sequence[tuple[float, float]]], height: int, scale: float
) -> tuple[float, float]:
    """Where the scale and the north stand: in the corner of their side that the way leaves free."""
    spots = [spot for part in parts for spot in part]
    room = scale + 60

    def free(left: float, right: float, top: float, foot: float) -> bool:
        return not any(left <= x <= right and top <= y <= foot for x, y in spots)

    scale_x = 16 if free(0, room, height - 40, height) else WIDTH - room
    north_x = WIDTH - 20 if free(WIDTH - 60, WIDTH, 0, 70) else 20
    return scale_x, north_x


def _path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots)


def _scale(per_km: float) -> tuple[float, float]:
    """The longest round number of kilometres that fills less than a quarter of the sheet."""
    fitting = [km for km in _SCALES if km * per_km <= WIDTH / 4] or [_SCALES[0]]
    return fitting[-1], round(fitting[-1] * per_km, 1)


def _dots(places: Sequence[Place], sheet: _Sheet) -> list[Dot]:
    """Numbers that cover no other: one that would moves aside, with a line to its place."""
    made: list[Dot] = []
    for one in places:
        x, y = sheet.at(one.latitude, one.longitude)
        at = next((spot for spot in _around(x, y, sheet.height) if _is_free(spot, made)), (x, y))
        made.append(Dot(one.number, *at, x, y))
    return made


def _around(x: float, y: float, height: int) -> list[tuple[float, float]]:
    """The place itself, then rings around it that lie on the sheet."""
    found = [(x, y)]
    for ring in (2.4, 4.4, 6.4):
        for turn in (1, 3, 5, 7, 0, 2, 4, 6):
            angle = math.pi / 4 * turn
            across, down = x + DOT * ring * math.cos(angle), y + DOT * ring * math.sin(angle)
            if DOT < across < WIDTH - DOT and DOT < down < height - DOT:
                found.append((round(across, 1), round(down, 1)))
    return found


def _is_free(spot: tuple[float, float], made: Sequence[Dot]) -> bool:
    return all(math.dist(spot, (dot.x, dot.y)) >= 2 * DOT + 2 for dot in made)
