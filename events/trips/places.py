"""Where a stop lies, as staff type it: two coordinates of any map, or kilometres of the route."""

import re
from dataclasses import dataclass

from events.models import TripDay
from events.trips import measuring
from events.trips.refusals import TripRefused
from foundation import coordinates
from foundation.words import N_

_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_WAY = re.compile(r"\s*(?:km\s*)?(\d{1,4}(?:\.\d+)?)\s*(?:km|公里|千米)?\s*", re.IGNORECASE)
FARTHEST = 500_000  # metres from the day's route: farther off, a figure was mistyped


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, and whether it was taken from a Chinese map (GCJ-02)."""

    text: str
    chinese_map: bool = False


def find(typed: Typed, route: TripDay | None) -> tuple[float, float] | None:
    """The place in WGS-84, None where nothing was typed."""
    if not typed.text.strip():
        return None
    pair = _PAIR.fullmatch(typed.text)
    if pair:
        spot = _of_pair(float(pair[1]), float(pair[2]), typed.chinese_map)
        _check_near(spot, route)
        return spot
    way = _WAY.fullmatch(typed.text)
    if way and route is not None and float(way[1]) * 1000 <= route.metres + 500:
        return measuring.along(route.line, float(way[1]) * 1000)
    raise TripRefused(
        N_(
            "“%(text)s” is no place: please type two coordinates, such as 30.2512, 120.1689, "
            "or kilometres along this day’s route, such as 34.5 km."
        ),
        text=typed.text[:60],
    )


def _check_near(spot: tuple[float, float], route: TripDay | None) -> None:
    away = measuring.away(route.line, *spot) if route is not None and route.line else 0
    if away > FARTHEST:
        raise TripRefused(
            N_("This place lies %(km)s km from this day’s route. Please check the coordinates."),
            km=round(away / 1000),
        )


def _of_pair(first: float, second: float, chinese_map: bool) -> tuple[float, float]:
    """Latitude and longitude; Chinese maps show the longitude first, which is the larger there."""
    if coordinates.in_china(second, first) and not coordinates.in_china(first, second):
        first, second = second, first
    if not (-90 <= first <= 90 and -180 <= second <= 180):
        raise TripRefused(N_("These coordinates lie outside the world."))
    return coordinates.to_wgs84(first, second) if chinese_map else (first, second)
