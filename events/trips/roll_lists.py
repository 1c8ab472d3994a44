"""What a leader's phone keeps of a trip, so that its roll call opens without a network.

Stops, cars in their order, the names of those who drive them, and the numbers to call in need; no
member's phone number.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from events.models import Trip
from events.trips import convoy, roll_call
from events.trips.convoy import InLine
from foundation import audit


def take(db: Session, trip: Trip, *, by: int | None, now: datetime) -> dict[str, Any]:
    """The list for one phone, and an entry in the trail that it was taken (R67)."""
    line = convoy.line_of(db, trip)
    audit.record(db, "trip.offline-list", "event", trip.event_id, by=by, now=now, rows=len(line))
    db.flush()
    return {
        "version": _mark(trip, line),
        "cars": [_car(one) for one in line],
        "here": {stop.id: sorted(roll_call.here_at(db, stop.id)) for stop in trip.stops},
    }


def version_of(db: Session, trip: Trip) -> str:
    """Another one as soon as a car comes, goes, or drives elsewhere in the line, or a stop
    changes."""
    return _mark(trip, convoy.line_of(db, trip))


def _mark(trip: Trip, line: list[InLine]) -> str:
    stops = [(one.id, one.name_zh, one.name_en, one.arrives_at) for one in trip.stops]
    known = repr((stops, [sorted(_car(one).items()) for one in line]))
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def _car(one: InLine) -> dict[str, Any]:
    made, car = one.registration, one.registration.vehicle
    return {
        "id": made.id,
        "number": one.number,
        "role": one.role.value,
        "plate": (car.plate or "") if car else "",
        "model": car.model if car else "",
        "name": made.owner.name,
        "party": made.party_size,
    }
