"""Coordinates on Chinese maps: satellites measure in WGS-84, maps of mainland China are drawn in
GCJ-02, which lies some hundred metres beside it. A pin in the wrong system is off by that much."""

import math

_AXIS, _FLATTENING = 6_378_245.0, 0.00669342162296594323
_ROUNDS = 6


def in_china(latitude: float, longitude: float) -> bool:
    """Whether a place lies in the frame in which maps are shifted."""
    return 0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A place of WGS-84 as maps of China draw it; elsewhere the place itself."""
    if not in_china(latitude, longitude):
        return latitude, longitude
    north, east = _shift(latitude - 35, longitude - 105)
    angle = math.radians(latitude)
    magic = 1 - _FLATTENING * math.sin(angle) ** 2
    root = math.sqrt(magic)
    per_north = _AXIS * (1 - _FLATTENING) / (magic * root) * math.pi / 180
    per_east = _AXIS / root * math.cos(angle) * math.pi / 180
    return latitude + north / per_north, longitude + east / per_east


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """A place of GCJ-02 as satellites measure it, to less than a metre."""
    lat, lon = latitude, longitude
    for _round in range(_ROUNDS):
        drawn = to_gcj02(lat, lon)
        lat, lon = lat - (drawn[0] - latitude), lon - (drawn[1] - longitude)
    return lat, lon


def _shift(y: float, x: float) -> tuple[float, float]:
    """Metres to the north and to the east, as the published formula bends them."""
    ripple = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    root = math.sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + _waves(y, (20, 1), (40, 3)) + _waves(y, (160, 12), (320, 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + _waves(x, (20, 1), (40, 3)) + _waves(x, (150, 12), (300, 30))) * 2 / 3
    return north, east


def _waves(value: float, *waves: tuple[float, float]) -> float:
    return sum(high * math.sin(value / long * math.pi) for high, long in waves)
