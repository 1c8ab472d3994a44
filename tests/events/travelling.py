"""Makings for trips: files that devices write, an event of two days with a route, a convoy."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Select
from sqlalchemy.orm import Session

from events import booking
from events.models import Event, Registration, StopKind, Trip, TripStop, Unit
from events.trips import planning, stops
from events.trips.roll_call import Tick
from events.trips.stops import StopLine
from tests.browsing import fresh
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def gpx(*parts: Sequence[tuple[float, ...]], inside: str = "", tag: str = "trk") -> bytes:
    """A file with these parts, each of (latitude, longitude) or (latitude, longitude, height)."""
    point, part = ("trkpt", "trkseg") if tag == "trk" else ("rtept", "rte")
    made = ""
    for spots in parts:
        rows = "".join(
            f'<{point} lat="{spot[0]}" lon="{spot[1]}">'
            + (f"<ele>{spot[2]}</ele>" if len(spot) > 2 else "")
            + f"</{point}>"
            for spot in spots
        )
        made += (
            f"<{part}>{rows}</{part}>" if tag == "rte" else f"<trk><trkseg>{rows}</trkseg></trk>"
        )
    space = 'xmlns="http://www.topografix.com/GPX/1/1"'
    return f'{HEAD}<gpx {space} version="1.1" creator="eTrex">{inside}{made}</gpx>'.encode()


def northwards(km: float = 50.0, points: int = 51) -> list[tuple[float, float, float]]:
    """A road straight to the north from 30° N, up a hill of 500 m and down again."""
    step = km / (points - 1) / 111.319
    half = (points - 1) / 2
    return [
        (30 + step * n, 120.0, round(500 - abs(n - half) / half * 500, 1)) for n in range(points)
    ]


def make_trip(db: Session, *, places: int = 10, route: bool = True, **fields: object) -> Trip:
    """A trip of two days with a place for each car; on day 1 fifty kilometres with two stops."""
    starts = NOW + timedelta(days=14)
    values = {
        "unit": Unit.CAR,
        "starts_at": starts,
        "ends_at": starts + timedelta(days=1),
        **fields,
    }
    event: Event = make_event(db, places=places, **values)  # type: ignore[arg-type]
    trip = planning.begin(db, event, by=None, now=NOW)
    if route:
        planning.set_route(db, trip, 1, gpx(northwards()), "day-1.gpx", by=None, now=NOW)
        lines = [
            StopLine(1, StopKind.START, "出发", "Start", starts, 15, 30.0, 120.0),
            StopLine(1, StopKind.FOOD, "午餐", "Lunch", None, 60, 30.27, 120.01),
        ]
        stops.set_stops(db, trip, lines, by=None, now=NOW)
    return trip


def make_car(db: Session, trip: Trip, name: str = "王小明", **car: object) -> Registration:
    """A member with a car and a place on the trip."""
    owner = make_member(db, name)
    vehicle = make_vehicle(db, owner, **car)
    return booking.register(db, trip.event, owner, vehicle=vehicle, keys=KEYS, by=None, now=NOW)


def tick(made: Registration, stop: TripStop, *, here: bool = True, minute: int = 0) -> Tick:
    """A tick of a phone's clock, with a request id of its own."""
    when = NOW + timedelta(days=14, minutes=minute)
    return Tick(str(uuid.uuid4()), stop.id, made.id, here, when)


def rows_of(app: Flask, query: Select[Any]) -> list[Any]:
    """What a fresh session finds; it is closed again, so that others may write."""
    with fresh(app) as session:
        return list(session.scalars(query))
