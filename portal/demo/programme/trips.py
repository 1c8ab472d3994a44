"""The demo's two trips: roads bent by code along the points of `routes.toml`, with their stops."""

import math
import tomllib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from events.models import Event, StopKind, Trip
from events.trips import measuring, planning, stops
from events.trips.planning import Conditions, Contact
from events.trips.stops import StopLine
from portal.demo.people import Drawing

ROUTES = tomllib.loads((Path(__file__).parent / "routes.toml").read_text("utf-8"))
KIND = "self-drive-trip"
_BETWEEN = 48
_DAYS_BEFORE = 20


def plan(db: Session, draw: Drawing, event: Event, *, by: int) -> Trip:
    """The trip with its routes, its stops, and what is asked of cars and drivers."""
    told = ROUTES["past" if event.ends_at < draw.now else "coming"]
    now = min(event.starts_at - timedelta(days=_DAYS_BEFORE), draw.now)
    trip = planning.begin(db, event, by=by, now=now)
    for number, day in enumerate(told["days"], start=1):
        planning.set_route(
            db, trip, number, _gpx(day["points"]), f"day-{number}.gpx", by=by, now=now
        )
    stops.set_stops(db, trip, list(_stops(draw, trip, told)), by=by, now=now)
    planning.set_conditions(db, trip, _conditions(told), by=by, now=now)
    return trip


def _conditions(told: dict[str, Any]) -> Conditions:
    return Conditions(
        channel=told["channel"],
        tow_name=told["tow"][0],
        tow_phone=told["tow"][1],
        contacts=[Contact(name, phone, part) for name, phone, part in told["contacts"]],
        check_days=told["check_days"],
        asks_insurance=True,
        asks_licence=True,
    )


def _stops(draw: Drawing, trip: Trip, told: dict[str, Any]) -> Iterator[StopLine]:
    kinds = {kind.value: kind for kind in StopKind}
    for number, day in enumerate(told["days"], start=1):
        date = planning.days_of(trip.event)[number - 1]
        line = next(one.line for one in trip.days if one.day == number)
        for row in day["stops"]:
            latitude, longitude = measuring.along(line, row["km"] * 1000)
            yield StopLine(
                day=number,
                kind=kinds[row["kind"]],
                name_zh=row["zh"],
                name_en=row["en"],
                arrives_at=datetime.combine(date, time.fromisoformat(row["at"]), draw.zone),
                stay_minutes=row.get("stay"),
                latitude=latitude,
                longitude=longitude,
                note_zh=row.get("note_zh", ""),
                note_en=row.get("note_en"),
            )


def _gpx(points: list[list[float]]) -> bytes:
    """The file that a navigation device would have kept of this way."""
    spots = "".join(
        f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{high:.1f}</ele></trkpt>'
        for lat, lon, high in _bent(points)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?><gpx xmlns="http://www.topografix.com/GPX/1/1"'
    text = f'{head} version="1.1" creator="demo"><trk><trkseg>{spots}</trkseg></trk></gpx>'
    return text.encode()


def _bent(points: list[list[float]]) -> Iterator[tuple[float, float, float]]:
    """A smooth way through all points that sways as roads do."""
    ends = [points[0], *points, points[-1]]
    for place in range(len(points) - 1):
        corners = ends[place : place + 4]
        for step in range(_BETWEEN):
            share = step / _BETWEEN
            lat, lon, high = (_through([one[axis] for one in corners], share) for axis in range(3))
            sway = 0.0035 * math.sin(math.pi * share) * math.sin(9 * share + place * 2.3)
            hills = 9 * math.sin(math.pi * share) * math.sin(11 * share + place)
            yield lat + sway, lon - 0.7 * sway * math.cos(5 * share + place), high + hills
    yield points[-1][0], points[-1][1], points[-1][2]


def _through(four: list[float], share: float) -> float:
    """Between the second and the third of four values, as Catmull and Rom bend it."""
    a, b, c, d = four
    bend = (2 * a - 5 * b + 4 * c - d) * share**2 + (3 * b - a - 3 * c + d) * share**3
    return 0.5 * (2 * b + (c - a) * share + bend)
