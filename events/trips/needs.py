"""What a car and its driver still need for a trip, said wherever somebody meets them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from events.models import Event, Registration, Trip
from events.trips import planning, readiness


def trip_that_asks(db: Session, event: Event) -> Trip | None:
    """The event's trip, if it asks anything of cars or drivers."""
    trip = planning.trip_of(db, event.id)
    return trip if trip is not None and readiness.asks_anything(trip) else None


def still_needed(
    db: Session, event: Event, registrations: Sequence[Registration]
) -> dict[int, list[str]]:
    """What each of these registrations lacks, in marked words; who lacks nothing is left out."""
    trip = trip_that_asks(db, event)
    if trip is None:
        return {}
    standings = readiness.standings_of(db, trip, registrations)
    return {number: one.lacks for number, one in standings.items() if one.lacks}
