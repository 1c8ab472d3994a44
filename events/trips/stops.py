"""The stops of a trip, and the plan of each day that owners read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import parts
from events.models import Event, RollTick, StopKind, Trip, TripDay, TripStop
from events.trips import drawing, heights, planning
from events.trips.gpx import Waypoint
from events.trips.refusals import StopInUse, TripRefused
from foundation.words import N_

MOST = 40


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop as it was typed; with the `id` of one that stands, that one is changed."""

    day: int
    kind: StopKind
    name_zh: str
    name_en: str | None = None
    arrives_at: datetime | None = None
    stay_minutes: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    note_zh: str = ""
    note_en: str | None = None
    id: int | None = None


def set_stops(
    db: Session, trip: Trip, lines: Sequence[StopLine], *, by: int | None, now: datetime
) -> None:
    """Other stops; one at which cars were ticked off stays or is changed."""
    parts.check_open(trip.event)
    if any(not 1 <= line.day <= len(planning.days_of(trip.event)) for line in lines):
        raise TripRefused(N_("The trip has no such day."))
    if len(lines) > MOST:
        raise TripRefused(N_("A trip has at most %(most)s stops."), most=MOST)
    gone = parts.removed(trip.stops, lines)
    if db.scalar(select(RollTick.id).where(RollTick.stop_id.in_(gone)).limit(1)):
        raise StopInUse(N_("Cars were ticked off at a stop that you removed."))
    standing = {stop.id: stop for stop in trip.stops}
    trip.stops = [
        _filled(standing.get(line.id or 0) or TripStop(), position, line)
        for position, line in enumerate(lines)
    ]
    for day in {line.day for line in lines}:
        planning.place_stops(trip, day)
    parts.note(db, trip.event, "stops", by, now)


def from_waypoints(
    db: Session,
    trip: Trip,
    day: int,
    waypoints: Sequence[Waypoint],
    *,
    by: int | None,
    now: datetime,
) -> int:
    """Take the named places of a file as stops of a day that has none yet; how many there are."""
    if not waypoints or any(stop.day == day for stop in trip.stops):
        return 0
    room = max(MOST - len(trip.stops), 0)
    for position, one in enumerate(waypoints[:room], start=len(trip.stops)):
        kind = StopKind.SIGHT
        row = TripStop(day=day, position=position, kind=kind, name_zh=one.name)
        row.latitude, row.longitude = one.latitude, one.longitude
        trip.stops.append(row)
    planning.place_stops(trip, day)
    _in_order_of_the_way(trip, day)
    parts.note(db, trip.event, "stops", by, now)
    return min(len(waypoints), room)


def _in_order_of_the_way(trip: Trip, day: int) -> None:
    mine = [stop for stop in trip.stops if stop.day == day]
    places = sorted(stop.position for stop in mine)
    for place, stop in zip(places, sorted(mine, key=lambda one: one.metres or 0), strict=True):
        stop.position = place


def _filled(stop: TripStop, position: int, line: StopLine) -> TripStop:
    values: dict[str, Any] = asdict(line)
    values.pop("id")
    for name, value in values.items():
        setattr(stop, name, value)
    stop.position = position
    return stop


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop as it is read: its number in the day, and metres since the stop before, where both
    are known."""

    number: int
    stop: TripStop
    since: int | None

    @property
    def leaves_at(self) -> datetime | None:
        if self.stop.arrives_at is None or not self.stop.stay_minutes:
            return None
        return self.stop.arrives_at + timedelta(minutes=self.stop.stay_minutes)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day: its route, if there is one, as a drawing with a profile, and its stops."""

    number: int
    date: date
    route: TripDay | None
    drawing: drawing.Drawing | None
    profile: heights.Profile | None
    halts: list[Halt]


def day_plans(trip: Trip, event: Event) -> list[DayPlan]:
    """Each day of the event that has a route or a stop."""
    found = []
    for number, day in enumerate(planning.days_of(event), start=1):
        route = next((one for one in trip.days if one.day == number), None)
        halts = _halts([stop for stop in trip.stops if stop.day == number])
        if route is not None or halts:
            found.append(_plan(number, day, route, halts))
    return found


def _halts(stops: Sequence[TripStop]) -> list[Halt]:
    found: list[Halt] = []
    for number, stop in enumerate(stops, start=1):
        before = found[-1].stop.metres if found else None
        known = stop.metres is not None and before is not None and stop.metres >= before
        since = stop.metres - before if known and stop.metres and before is not None else None
        found.append(Halt(number, stop, since))
    return found


def _plan(number: int, day: date, route: TripDay | None, halts: list[Halt]) -> DayPlan:
    if route is None:
        return DayPlan(number, day, None, None, None, halts)
    places = [
        drawing.Place(halt.number, halt.stop.latitude, halt.stop.longitude)
        for halt in halts
        if halt.stop.latitude is not None and halt.stop.longitude is not None
    ]
    marks = [(halt.number, halt.stop.metres) for halt in halts if halt.stop.metres is not None]
    return DayPlan(
        number,
        day,
        route,
        drawing.draw(route.line, places),
        heights.profile(route.heights, route.metres, marks),
        halts,
    )


def metres_of(trip: Trip) -> int:
    """The way of all days that the event has; a route of a day that went with a shorter plan is
    not driven."""
    days = len(planning.days_of(trip.event))
    return sum(route.metres for route in trip.days if route.day <= days)
