"""What stands at times of its own goes along when the start of its event moves."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import Ballot, Event, Trip, TripStop


def shift_along(db: Session, event: Event, by_time: timedelta, *, now: datetime) -> None:
    """Ballots and the stops of a trip keep their distance from the start. A ballot that has opened
    and a stop whose time has passed stay as they were."""
    coming = Ballot.event_id == event.id, Ballot.opens_at > now
    for ballot in db.scalars(select(Ballot).where(*coming)):
        ballot.opens_at += by_time
        ballot.closes_at += by_time
    ahead = Trip.event_id == event.id, TripStop.arrives_at > now
    for stop in db.scalars(select(TripStop).join(Trip).where(*ahead)):
        if stop.arrives_at is not None:
            stop.arrives_at += by_time
    db.flush()
