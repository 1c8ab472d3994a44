"""An event becomes a trip: its routes by day, its channel, whom to call, what cars need before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import parts
from events.models import Event, Trip, TripContact, TripDay
from events.trips import gpx, measuring
from events.trips.refusals import TripRefused
from foundation.clock import shop_day
from foundation.words import N_

MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call in need, and for what."""

    name: str
    phone: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the convoy speaks, whom it calls, and what is asked of each car and driver."""

    channel: str = ""
    tow_name: str = ""
    tow_phone: str = ""
    contacts: Sequence[Contact] = ()
    check_days: int | None = None
    asks_insurance: bool = False
    asks_licence: bool = False


def trip_of(db: Session, event_id: int) -> Trip | None:
    """The trip of an event, None where it is none."""
    return db.scalar(select(Trip).where(Trip.event_id == event_id))


def begin(db: Session, event: Event, *, by: int | None, now: datetime) -> Trip:
    """The event's trip, made where there is none yet."""
    found = trip_of(db, event.id)
    if found is None:
        parts.check_open(event)
        found = Trip(event=event)
        db.add(found)
        db.flush()
        parts.note(db, event, "trip", by, now)
    return found


def days_of(event: Event) -> list[date]:
    """The shop days on which the event takes place, the first as day 1."""
    first, last = (shop_day(at, event.shop.zone) for at in (event.starts_at, event.ends_at))
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, MOST_DAYS))]


def set_route(
    db: Session,
    trip: Trip,
    day: int,
    content: bytes,
    file_name: str,
    *,
    by: int | None,
    now: datetime,
) -> gpx.Way:
    """Read a GPX file as the route of a day, in the place of the one before."""
    parts.check_open(trip.event)
    if not 1 <= day <= len(days_of(trip.event)):
        raise TripRefused(N_("The trip has no such day."))
    way = gpx.read(content)
    measured = measuring.measure(way.parts)
    row = next((one for one in trip.days if one.day == day), None)
    if row is None:
        row = TripDay(day=day)
        trip.days.append(row)
    row.file_name, row.uploaded_at = file_name[:120], now
    row.metres, row.climb, row.highest = measured.metres, measured.climb, measured.highest
    row.line, row.heights = list(measured.line), list(measured.heights)
    place_stops(trip, day)
    parts.note(db, trip.event, "route", by, now)
    return way


def drop_route(db: Session, trip: Trip, day: int, *, by: int | None, now: datetime) -> None:
    """Take a day's route away; its stops stay."""
    parts.check_open(trip.event)
    trip.days = [one for one in trip.days if one.day != day]
    place_stops(trip, day)
    parts.note(db, trip.event, "route", by, now)


def place_stops(trip: Trip, day: int) -> None:
    """Work out again how far along the day's route each of its stops lies."""
    route = next((one for one in trip.days if one.day == day), None)
    since: int | None = None
    for stop in trip.stops:
        if stop.day != day:
            continue
        if route is None or stop.latitude is None or stop.longitude is None:
            stop.metres = None
            continue
        where = (stop.latitude, stop.longitude)
        # A stop after the first is past it, also where a round comes home.
        stop.metres = measuring.nearest(route.line, *where, since=1 if since == 0 else since or 0)
        since = stop.metres


def set_conditions(
    db: Session, trip: Trip, wished: Conditions, *, by: int | None, now: datetime
) -> None:
    """What the convoy needs to know and what is asked of cars and drivers."""
    parts.check_open(trip.event)
    trip.channel, trip.tow_name, trip.tow_phone = wished.channel, wished.tow_name, wished.tow_phone
    trip.check_days = wished.check_days
    trip.asks_insurance, trip.asks_licence = wished.asks_insurance, wished.asks_licence
    trip.contacts = [
        TripContact(position=place, name=one.name, phone=one.phone, part=one.part)
        for place, one in enumerate(wished.contacts)
    ]
    parts.note(db, trip.event, "trip", by, now)
