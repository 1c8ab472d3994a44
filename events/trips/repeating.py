"""A trip again at another time: its routes, its stops, and what it asks; no car and no picture."""

from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from events.models import Event, Trip, TripContact, TripDay, TripStop
from events.trips.planning import trip_of
from foundation.database import Base

Row = TypeVar("Row", bound=Base)
_OWN = ("channel", "tow_name", "tow_phone", "check_days", "asks_insurance", "asks_licence")


def copy_trip(db: Session, event: Event, made: Event) -> None:
    """The copy of an event gets the trip of the original; times keep their distance."""
    trip = trip_of(db, event.id)
    if trip is None:
        return
    again = Trip(event=made, **{name: getattr(trip, name) for name in _OWN})
    again.days = [_again(TripDay, one) for one in trip.days]
    again.stops = [_again(TripStop, one) for one in trip.stops]
    again.contacts = [_again(TripContact, one) for one in trip.contacts]
    for stop in again.stops:
        if stop.arrives_at is not None:
            stop.arrives_at += made.starts_at - event.starts_at
    db.add(again)
    db.flush()


def _again(kind: type[Row], row: Row) -> Row:
    values: dict[str, Any] = {
        column.key: getattr(row, column.key)
        for column in inspect(kind).column_attrs
        if column.key not in ("id", "trip_id")
    }
    return kind(**values)
