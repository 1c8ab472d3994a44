"""What a car and its driver need before a trip: a check of the car, a licence, an insurance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from events.models import (
    CarCheck,
    CheckResult,
    CheckSheet,
    Colour,
    PromiseKind,
    Registration,
    Trip,
    TripPromise,
)
from events.trips.refusals import TripRefused
from foundation import audit, clock
from foundation.clock import shop_day
from foundation.words import N_
from members.models import OrderKind, OrderLine, ServiceOrder

# Kinds of visits that look the whole car through, and words that say so of any other.
_THOROUGH = (OrderKind.FIRST_SERVICE, OrderKind.SCHEDULED)
_WORDS = ("检测", "检查", "安检", "inspection", "safety check")
CHECK, INSURANCE, LICENCE = N_("check of the car"), N_("trip insurance"), N_("driving licence")


@dataclass(frozen=True, slots=True)
class Checked:
    """When the car was looked through; `by` is who at the desk said so, empty for a visit."""

    on: date
    by: str = ""
    check_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is there of what the trip asks, and what is still needed, in marked words."""

    checked: Checked | None = None
    promised: dict[PromiseKind, TripPromise] = field(default_factory=dict)
    lacks: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        return not self.lacks


def asks_anything(trip: Trip) -> bool:
    """Whether the trip has conditions at all."""
    return bool(trip.check_days or trip.asks_insurance or trip.asks_licence)


def window_of(trip: Trip) -> tuple[date, date] | None:
    """From which day to which a check of the car counts, both included."""
    if trip.check_days is None:
        return None
    start = shop_day(trip.event.starts_at, trip.event.shop.zone)
    return start - timedelta(days=trip.check_days), start


def standings_of(
    db: Session, trip: Trip, registrations: Sequence[Registration]
) -> dict[int, Standing]:
    """How each of these registrations stands, by its id."""
    ids = [one.id for one in registrations]
    checks = _checks(db, trip, registrations)
    promised: dict[int, dict[PromiseKind, TripPromise]] = {one: {} for one in ids}
    for row in db.scalars(
        select(TripPromise)
        .where(TripPromise.registration_id.in_(ids), TripPromise.taken_back_at.is_(None))
        .order_by(TripPromise.id)
    ):
        promised[row.registration_id][row.kind] = row
    return {
        one: Standing(checks.get(one), promised[one], _lacks(trip, checks.get(one), promised[one]))
        for one in ids
    }


def _lacks(
    trip: Trip, checked: Checked | None, promised: dict[PromiseKind, TripPromise]
) -> list[str]:
    lacks = [CHECK] if trip.check_days is not None and checked is None else []
    if trip.asks_licence and PromiseKind.LICENCE not in promised:
        lacks.append(LICENCE)
    if trip.asks_insurance and PromiseKind.INSURANCE not in promised:
        lacks.append(INSURANCE)
    return lacks


def _checks(db: Session, trip: Trip, registrations: Sequence[Registration]) -> dict[int, Checked]:
    """The newest check of each car within the days before the start."""
    window = window_of(trip)
    if window is None:
        return {}
    cars = {one.vehicle_id for one in registrations if one.vehicle_id is not None}
    days = sorted([*_visits(db, cars, window), *_sheets(db, trip, cars, window)])
    looked = {car: on for on, car in days}
    found = {
        one.id: Checked(looked[one.vehicle_id]) for one in registrations if one.vehicle_id in looked
    }
    rows = db.scalars(
        select(CarCheck)
        .where(
            CarCheck.registration_id.in_([one.id for one in registrations]),
            CarCheck.undone_at.is_(None),
            CarCheck.checked_on.between(*window),
        )
        .order_by(CarCheck.checked_on, CarCheck.id)
    )
    for row in rows:
        found[row.registration_id] = Checked(row.checked_on, row.checked_by, row.id)
    return found


def _visits(
    db: Session, vehicle_ids: Collection[int], window: tuple[date, date]
) -> list[tuple[date, int]]:
    """(day, car) of visits that looked a car through."""
    named = [
        column.icontains(word, autoescape=True)
        for column in (ServiceOrder.content, OrderLine.description)
        for word in _WORDS
    ]
    rows = db.execute(
        select(ServiceOrder.vehicle_id, ServiceOrder.serviced_on)
        .join(OrderLine)
        .where(
            ServiceOrder.vehicle_id.in_(vehicle_ids),
            ServiceOrder.serviced_on.between(*window),
            OrderLine.fen >= 0,
            or_(OrderLine.kind.in_(_THOROUGH), *named),
        )
    )
    return [(row.serviced_on, row.vehicle_id) for row in rows]


def _sheets(
    db: Session, trip: Trip, vehicle_ids: Collection[int], window: tuple[date, date]
) -> list[tuple[date, int]]:
    """(day, car) of signed sheets of a seasonal check that found nothing red."""
    zone = trip.event.shop.zone
    red = select(CheckResult.check_id).where(CheckResult.colour == Colour.RED)
    rows = db.execute(
        select(CheckSheet.vehicle_id, CheckSheet.finished_at).where(
            CheckSheet.vehicle_id.in_(vehicle_ids),
            CheckSheet.finished_at >= clock.start_of(window[0], zone),
            CheckSheet.finished_at < clock.start_of(window[1] + timedelta(days=1), zone),
            CheckSheet.id.not_in(red),
        )
    )
    return [(shop_day(row.finished_at, zone), row.vehicle_id) for row in rows if row.finished_at]


def note_check(
    db: Session,
    trip: Trip,
    registration: Registration,
    *,
    on: date,
    name: str,
    by: int | None,
    now: datetime,
) -> CarCheck:
    """Staff saw the car and found it fit; `name` is who looked."""
    window = window_of(trip)
    if window is None:
        raise TripRefused(N_("This trip asks for no check of the car."))
    if not window[0] <= on <= min(window[1], shop_day(now, trip.event.shop.zone)):
        raise TripRefused(
            N_("A check counts from %(first)s to the start, and not after today."),
            first=window[0].isoformat(),
        )
    if not name.strip():
        raise TripRefused(N_("Please say who looked at the car."))
    row = CarCheck(
        registration_id=registration.id,
        checked_on=on,
        checked_by=name.strip(),
        noted_at=now,
        account_id=by,
    )
    db.add(row)
    _note(db, "car-check.note", registration, by, now)
    return row


def undo_check(
    db: Session, registration: Registration, check: CarCheck, *, by: int | None, now: datetime
) -> None:
    """The tick was a mistake; the row stays, struck out."""
    if check.undone_at is None:
        check.undone_at = now
        _note(db, "car-check.undo", registration, by, now)


def promise(
    db: Session,
    registration: Registration,
    kind: PromiseKind,
    wording: str,
    *,
    by: int | None,
    now: datetime,
) -> TripPromise:
    """The member confirms it in the words they read; twice is one."""
    standing = _standing_promise(db, registration, kind)
    if standing is not None:
        return standing
    row = TripPromise(
        registration_id=registration.id, kind=kind, wording=wording.strip(), given_at=now
    )
    db.add(row)
    _note(db, "trip-promise.give", registration, by, now, kind=kind.value)
    return row


def take_back(
    db: Session, registration: Registration, kind: PromiseKind, *, by: int | None, now: datetime
) -> None:
    """It is not so any more; the row stays with its dates."""
    standing = _standing_promise(db, registration, kind)
    if standing is not None:
        standing.taken_back_at = now
        _note(db, "trip-promise.take-back", registration, by, now, kind=kind.value)


def _standing_promise(
    db: Session, registration: Registration, kind: PromiseKind
) -> TripPromise | None:
    return db.scalar(
        select(TripPromise).where(
            TripPromise.registration_id == registration.id,
            TripPromise.kind == kind,
            TripPromise.taken_back_at.is_(None),
        )
    )


def _note(
    db: Session,
    act: str,
    registration: Registration,
    by: int | None,
    now: datetime,
    **details: object,
) -> None:
    audit.record(db, act, "registration", registration.id, by=by, now=now, **details)
    db.flush()
