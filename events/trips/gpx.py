"""Reading a GPX file: its tracks, routes and waypoints, and nothing else that it may hold.

The file comes from a stranger's hand, so it is read as a stream by expat itself, which stops at the
first thing that has no place in a route: a DOCTYPE and with it every entity, too many points, too
deep a nesting. (gpxpy's own parser searches the text with patterns that take a minute over a
file made for that, and keeps each namespace it meets for all later files.) gpxpy measures.
"""

import math
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from events.trips.refusals import RouteRefused
from foundation.words import N_

LARGEST = 5 * 1024 * 1024
MOST_POINTS, MOST_ELEMENTS, MOST_WAYPOINTS, MOST_PARTS = 40_000, 250_000, 200, 500
DEEPEST, LONGEST_NAME = 24, 120
_PACKED = (b"PK", b"\x1f\x8b", b"7z", b"Rar!", b"BZh", b"\xfd7z")
_POINTS = {"trkpt", "rtept"}


@dataclass(frozen=True, slots=True)
class Point:
    """A place by WGS-84, with its height where the file knows it."""

    latitude: float
    longitude: float
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A named place of the file."""

    latitude: float
    longitude: float
    name: str


@dataclass(frozen=True, slots=True)
class Way:
    """The parts of a way in order, and the named places beside it."""

    parts: list[list[Point]]
    waypoints: list[Waypoint]


def read(content: bytes) -> Way:
    """The way in a GPX file. Raises RouteRefused, within a second, for all that is none."""
    if not content.strip():
        raise RouteRefused(N_("This file is empty."))
    if len(content) > LARGEST:
        raise RouteRefused(
            N_("This file is larger than %(size)s MB. Please export the route with fewer points."),
            size=LARGEST // 1024**2,
        )
    if content.startswith(_PACKED):
        raise RouteRefused(N_("This file is packed. Please unpack it and upload the GPX file."))
    reader = _Reader()
    reader.take(content)
    parts = reader.tracks or reader.routes
    if not parts:
        raise RouteRefused(N_("There is no route in this file, only single places or nothing."))
    return Way(parts, reader.waypoints)


@dataclass(slots=True)
class _Reader:
    """What has been read so far. `open` is the point that is being read."""

    tracks: list[list[Point]] = field(default_factory=list)
    routes: list[list[Point]] = field(default_factory=list)
    waypoints: list[Waypoint] = field(default_factory=list)
    depth: int = 0
    elements: int = 0
    points: int = 0
    part: list[Point] | None = None
    open: tuple[float, float] | None = None
    height: float | None = None
    name: str = ""
    text: list[str] | None = None

    def take(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.EntityDeclHandler = _no_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as broken:
            raise RouteRefused(
                N_("This is not a GPX file that can be read: it is damaged or of another kind.")
            ) from broken

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        self.depth += 1
        self.elements += 1
        if self.depth == 1 and tag != "gpx":
            raise RouteRefused(
                N_("This is not a GPX file. Please choose a file that ends in .gpx.")
            )
        if self.depth > DEEPEST or self.elements > MOST_ELEMENTS:
            _too_much()
        if tag in ("trkseg", "rte"):
            self.part = []
        elif tag in _POINTS or tag == "wpt":
            self.open, self.height, self.name = _place(attributes), None, ""
            self.points += 1
            if self.points > MOST_POINTS:
                _too_much()
        elif self.open is not None and tag in ("ele", "name"):
            self.text = []

    def _said(self, text: str) -> None:
        if self.text is not None and len(self.text) < LONGEST_NAME:
            self.text.append(text[:LONGEST_NAME])

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        self.depth -= 1
        if self.text is not None and tag in ("ele", "name"):
            said, self.text = "".join(self.text).strip(), None
            if tag == "ele":
                self.height = _height(said)
            else:
                self.name = " ".join(said.split())[:LONGEST_NAME]
        elif self.open is not None and (tag in _POINTS or tag == "wpt"):
            self._close(tag)
        elif self.part is not None and tag in ("trkseg", "rte"):
            parts = self.tracks if tag == "trkseg" else self.routes
            if len(self.part) > 1:
                parts.append(self.part)
            if len(parts) > MOST_PARTS:
                _too_much()
            self.part = None

    def _close(self, tag: str) -> None:
        assert self.open is not None
        if tag != "wpt" and self.part is not None:
            self.part.append(Point(*self.open, self.height))
        elif tag == "wpt" and self.name and len(self.waypoints) < MOST_WAYPOINTS:
            self.waypoints.append(Waypoint(*self.open, self.name))
        self.open = None


def _place(attributes: dict[str, str]) -> tuple[float, float]:
    try:
        latitude, longitude = float(attributes["lat"]), float(attributes["lon"])
    except (KeyError, ValueError) as wrong:
        raise RouteRefused(N_("A point of this route has no coordinates.")) from wrong
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RouteRefused(N_("A point of this route lies outside the world."))
    return latitude, longitude


def _height(said: str) -> float | None:
    """Metres above the sea; what no road reaches is not known."""
    try:
        metres = float(said)
    except ValueError:
        return None
    return metres if math.isfinite(metres) and -500 <= metres <= 9000 else None


def _no_doctype(*_declaration: object) -> NoReturn:
    raise RouteRefused(
        N_("This file declares things of its own (DOCTYPE), which no route needs. It was not read.")
    )


def _too_much() -> NoReturn:
    raise RouteRefused(
        N_("This file holds more than a route: at most %(points)s points can be read."),
        points=MOST_POINTS,
    )
