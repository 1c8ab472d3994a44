"""What a way measures: its length and climb by gpxpy, and few enough points to draw it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gpxpy.geo import calculate_uphill_downhill, haversine_distance

from events.trips.gpx import Point
from events.trips.refusals import RouteRefused
from foundation.words import N_

DRAWN, PROFILED = 700, 240
SHORTEST, LONGEST, LEAP, SAME_PLACE = 100, 5_000_000, 300_000, 400


@dataclass(frozen=True, slots=True)
class Measured:
    """Metres driven, climbed and above the sea; `line` as [latitude, longitude] by part, `heights`
    as [metres from the start, height]. Climb and heights are None or empty where unknown."""

    metres: int
    climb: int | None
    highest: int | None
    line: list[list[list[float]]]
    heights: list[list[int]]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point with its way from the start."""

    point: Point
    metres: float


def measure(parts: Sequence[Sequence[Point]]) -> Measured:
    """Length and climb of all parts; what lies between two parts was not driven on record.

    Raises RouteRefused where the way is too short or leaps as no car does.
    """
    walked = [list(part) for part in _walked(parts)]
    metres = walked[-1][-1].metres
    if metres < SHORTEST:
        raise RouteRefused(N_("This route is shorter than %(metres)s metres."), metres=SHORTEST)
    if metres > LONGEST:
        raise RouteRefused(N_("This route is longer than %(km)s km."), km=LONGEST // 1000)
    known = [one.point.height for part in walked for one in part if one.point.height is not None]
    climbs = [calculate_uphill_downhill([one.point.height for one in part])[0] for part in walked]
    return Measured(
        round(metres),
        round(sum(climbs)) if known else None,
        round(max(known)) if known else None,
        [_thinned(part, metres / DRAWN) for part in walked],
        _heights([one for part in walked for one in part], metres / PROFILED),
    )


def _walked(parts: Sequence[Sequence[Point]]) -> Iterator[Iterator[Milestone]]:
    """Each part with the way so far."""
    metres = 0.0
    for part in parts:
        milestones = [Milestone(part[0], metres)]
        for before, point in pairwise(part):
            step = haversine_distance(
                before.latitude, before.longitude, point.latitude, point.longitude
            )
            if step > LEAP:
                raise RouteRefused(
                    N_("Two points of this route that follow each other lie %(km)s km apart."),
                    km=round(step / 1000),
                )
            metres += step
            milestones.append(Milestone(point, metres))
        yield iter(milestones)


def _thinned(part: Sequence[Milestone], step: float) -> list[list[float]]:
    """Points that lie a step apart, with both ends."""
    kept, reached = [part[0]], part[0].metres
    for one in part[1:-1]:
        if one.metres - reached >= step:
            kept.append(one)
            reached = one.metres
    kept.append(part[-1])
    return [[round(one.point.latitude, 6), round(one.point.longitude, 6)] for one in kept]


def _heights(way: Sequence[Milestone], step: float) -> list[list[int]]:
    """The height at each step of the way; of a step its highest point, so that no pass is lost."""
    found: list[list[int]] = []
    reached = -step
    for one in way:
        if one.point.height is None:
            continue
        height = round(one.point.height)
        if one.metres - reached >= step:
            found.append([round(one.metres), height])
            reached = one.metres
        else:
            found[-1][1] = max(found[-1][1], height)
    return found if len(found) > 1 else []


def nearest(
    line: Sequence[Sequence[Sequence[float]]], latitude: float, longitude: float, since: int = 0
) -> int:
    """How many metres along the drawn way the point lies that is nearest to a place.

    Where the way comes by twice, as at the start and the end of a round, it is the first time after
    `since` metres, which is where the stop before lies.
    """
    spots = list(_spots(line, latitude, longitude))
    close = min(away for away, _at in spots)
    ahead = [at for away, at in spots if at > since and away <= close + SAME_PLACE]
    if since and ahead:
        return round(min((away, at) for away, at in spots if at in ahead)[1])
    return round(min(spots)[1])


def away(line: Sequence[Sequence[Sequence[float]]], latitude: float, longitude: float) -> float:
    """How many metres a place lies from the nearest point of the drawn way."""
    return min(metres for metres, _at in _spots(line, latitude, longitude))


def _spots(
    line: Sequence[Sequence[Sequence[float]]], latitude: float, longitude: float
) -> Iterator[tuple[float, float]]:
    """(metres away from the place, metres along the way) of each point of the way."""
    metres = 0.0
    for part in line:
        for index, (lat, lon) in enumerate(part):
            if index:
                metres += haversine_distance(part[index - 1][0], part[index - 1][1], lat, lon)
            yield haversine_distance(latitude, longitude, lat, lon), metres


def along(line: Sequence[Sequence[Sequence[float]]], metres: float) -> tuple[float, float]:
    """The point of the drawn way after so many metres; its end where it is shorter."""
    gone = 0.0
    for part in line:
        for (lat, lon), (next_lat, next_lon) in pairwise(part):
            step = haversine_distance(lat, lon, next_lat, next_lon)
            if step and gone + step >= metres:
                share = (metres - gone) / step
                return lat + (next_lat - lat) * share, lon + (next_lon - lon) * share
            gone += step
    return line[-1][-1][0], line[-1][-1][1]
