"""The roll call at a stop: who is here, ticked on a phone that may be offline."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from events import no_show_appeals
from events.models import Registration, RegistrationState, RollTick, Trip, TripStop
from events.trips import convoy
from events.trips.convoy import InLine
from foundation import audit


@dataclass(frozen=True, slots=True)
class Tick:
    """A car was ticked off at a stop, or its tick taken back, at a moment of the phone's clock. The
    request id is the phone's own: sent twice it is one tick."""

    request_id: str
    stop_id: int | None
    registration_id: int | None
    here: bool
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """The line at a stop, and which cars are here."""

    stop: TripStop
    line: list[InLine]
    here: set[int]

    @property
    def missing(self) -> list[InLine]:
        return [one for one in self.line if one.registration.id not in self.here]


def call_of(db: Session, trip: Trip, stop: TripStop) -> Call:
    """How the roll call at a stop stands."""
    line = convoy.line_of(db, trip)
    expected = {one.registration.id for one in line}
    return Call(stop, line, here_at(db, stop.id) & expected)


def here_at(db: Session, stop_id: int) -> set[int]:
    """The registrations whose newest tick at the stop says that they are here."""
    newest: dict[int, bool] = {}
    ticks = select(RollTick.registration_id, RollTick.here).where(RollTick.stop_id == stop_id)
    for row in db.execute(ticks.order_by(RollTick.happened_at, RollTick.id)):
        newest[row.registration_id] = row.here
    return {one for one, here in newest.items() if here}


def take(
    db: Session, trip: Trip, ticks: Sequence[Tick], *, by: int | None, now: datetime
) -> dict[str, bool]:
    """Keep what a phone sends, in one go: for each request id whether it is kept.

    A tick that came before is kept already; one of a car without a place, or of a stop that is no
    more, is not. Whom a phone that was long without a network saw here was there after all (R31).
    """
    stops = {stop.id for stop in trip.stops}
    cars = {
        one.id: one
        for one in db.scalars(
            select(Registration).where(
                Registration.id.in_({tick.registration_id for tick in ticks}),
                Registration.event_id == trip.event_id,
                Registration.state == RegistrationState.CONFIRMED,
            )
        )
    }
    kept = {one.request_id: one.stop_id in stops and one.registration_id in cars for one in ticks}
    new = [tick for tick in ticks if kept[tick.request_id] and _insert(db, tick, by, now)]
    for number in {tick.registration_id for tick in new if tick.here and tick.registration_id}:
        no_show_appeals.came_after_all(db, cars[number], now=now)
    if new:
        audit.record(db, "trip.roll-call", "event", trip.event_id, by=by, now=now, ticks=len(new))
        db.flush()
    return kept


def _insert(db: Session, tick: Tick, by: int | None, now: datetime) -> bool:
    """Whether it was new."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(RollTick).values(
        request_id=str(uuid.UUID(tick.request_id)),
        stop_id=tick.stop_id,
        registration_id=tick.registration_id,
        here=tick.here,
        happened_at=min(tick.happened_at, now),
        recorded_at=now,
        account_id=by,
    )
    made = db.scalars(statement.on_conflict_do_nothing().returning(RollTick.id)).one_or_none()
    return made is not None
