"""Saving contests: what each car used on the measured way, and who used the least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from events.gatherings.refusals import RunUnclear
from events.models import (
    ContestClass,
    ContestResult,
    ContestRun,
    Event,
    Registration,
    RegistrationState,
)
from foundation import audit
from foundation.words import N_
from members.models import Energy

LONGEST = 2_000_000  # metres
MOST_FOR_100_KM = {ContestClass.FUEL: 40_000, ContestClass.ELECTRIC: 60_000}  # ml, Wh


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read: metres, and millilitres or watt-hours; a reason takes the run out."""

    in_class: ContestClass
    metres: int
    used: int
    out_because: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A run with its rank in its class (None: out of it) and its use for 100 km, in thousandths
    of a litre or of a kWh."""

    run: ContestRun
    rank: int | None
    for_100_km: int


def class_of(registration: Registration) -> ContestClass:
    """The class that a car drives in: by battery alone, or not."""
    car = registration.vehicle
    electric = car is not None and car.energy == Energy.ELECTRIC
    return ContestClass.ELECTRIC if electric else ContestClass.FUEL


def note(
    db: Session, registration: Registration, measured: Measured, *, by: int | None, now: datetime
) -> ContestRun:
    """Note what a car used, or note it anew; figures that no car drives are refused."""
    if registration.state != RegistrationState.CONFIRMED:
        raise RunUnclear(N_("Only who has a place takes part."))
    if not 0 < measured.metres <= LONGEST:
        raise RunUnclear(N_("Please enter a way of more than 0 and at most 2,000 km."))
    most = MOST_FOR_100_KM[measured.in_class]
    if measured.used < 0 or _for_100_km(measured.used, measured.metres) > most:
        raise RunUnclear(N_("No car uses that much on this way. Please look at the figures again."))
    run = db.scalar(select(ContestRun).where(ContestRun.registration_id == registration.id))
    if run is None:
        run = ContestRun(event_id=registration.event_id, registration_id=registration.id)
        db.add(run)
    run.in_class, run.metres, run.used = measured.in_class, measured.metres, measured.used
    run.out_because, run.noted_at = measured.out_because.strip()[:200], now
    db.flush()
    _say(db, "contest.run", "registration", registration.id, by, now, metres=run.metres)
    return run


def forget(db: Session, run: ContestRun, *, by: int | None, now: datetime) -> None:
    """It was noted for the wrong car."""
    _say(db, "contest.forget", "registration", run.registration_id, by, now, metres=run.metres)
    db.delete(run)
    db.flush()


def publish(db: Session, event: Event, *, by: int | None, now: datetime) -> None:
    """The ranking is out; corrections afterwards are seen at once."""
    if not runs_of(db, event.id):
        raise RunUnclear(N_("No car was measured yet."))
    if published_at(db, event.id) is None:
        db.add(ContestResult(event_id=event.id, published_at=now))
        _say(db, "contest.publish", "event", event.id, by, now)


def withdraw(db: Session, event: Event, *, by: int | None, now: datetime) -> None:
    """The ranking was published too early: members do not see it any more."""
    found = db.scalar(select(ContestResult).where(ContestResult.event_id == event.id))
    if found is not None:
        db.delete(found)
        _say(db, "contest.withdraw", "event", event.id, by, now)


def published_at(db: Session, event_id: int) -> datetime | None:
    """When the result was shown; None while it is not."""
    return db.scalar(select(ContestResult.published_at).where(ContestResult.event_id == event_id))


def runs_of(db: Session, event_id: int) -> Sequence[ContestRun]:
    """Everybody who was measured."""
    return db.scalars(
        select(ContestRun)
        .where(ContestRun.event_id == event_id)
        .options(
            joinedload(ContestRun.registration).options(
                joinedload(Registration.owner), joinedload(Registration.vehicle)
            )
        )
        .order_by(ContestRun.id)
    ).all()


def ranking(runs: Sequence[ContestRun]) -> dict[ContestClass, list[Placed]]:
    """Each class by use for the way, least first; the same use is the same rank, and the next
    rank is left out. Who is out stands at the end."""
    found: dict[ContestClass, list[Placed]] = {}
    for in_class in ContestClass:
        drove = [run for run in runs if run.in_class is in_class]
        uses = sorted(_use(run) for run in drove if not run.out_because)
        placed = [
            Placed(
                run,
                None if run.out_because else uses.index(_use(run)) + 1,
                _for_100_km(run.used, run.metres),
            )
            for run in drove
        ]
        if placed:
            found[in_class] = sorted(
                placed, key=lambda one: (one.rank is None, one.rank or 0, one.run.id)
            )
    return found


def _use(run: ContestRun) -> Fraction:
    return Fraction(run.used, run.metres)


def _for_100_km(used: int, metres: int) -> int:
    """Thousandths of a litre or kWh for 100 km, rounded to the nearest."""
    return round(Fraction(used * 100_000, metres))


def _say(
    db: Session, act: str, kind: str, thing_id: int, by: int | None, now: datetime, **more: int
) -> None:
    audit.record(db, act, kind, thing_id, by=by, now=now, **more)
    db.flush()
