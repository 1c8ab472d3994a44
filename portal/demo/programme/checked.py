"""Cars that were checked at a season's check of the demo: their sheets, reports and answers."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.checks import advice, placing, sheets, signing
from events.checks.reports import advised
from events.checks.sheets import Head, Mark
from events.models import (
    AdviceAnswer,
    CheckIn,
    CheckResult,
    CheckSheet,
    Colour,
    Event,
    Registration,
)
from members import measuring, tyre_storage
from members.measuring import Reading, Source
from members.models import Measure, Spot, Vehicle
from members.tyre_storage import Tyres
from portal.demo.people import Drawing

SEED = 19
MOST = 14
_SHARES = ((Colour.GREEN, 0.86), (Colour.AMBER, 0.95), (Colour.ABSENT, 0.97), (Colour.RED, 1.0))
_TECHNICIANS = ("周建平", "韩志勇", "罗小军")
_TYRES = (("米其林", "225/45 R17"), ("马牌", "215/55 R17"), ("普利司通", "235/50 R19"))
_ANSWERS = (AdviceAnswer.DECLINED, AdviceAnswer.CALL, None, AdviceAnswer.BOOK)
_WHEELS = (Spot.FRONT_LEFT, Spot.FRONT_RIGHT, Spot.REAR_LEFT, Spot.REAR_RIGHT)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where sheets are filled: chance of its own, so that nothing else of the demo changes."""

    db: Session
    draw: Drawing
    chance: Random
    by: int
    advisor: int


def bench(db: Session, draw: Drawing, *, by: int, advisor: int) -> Bench:
    return Bench(db, draw, Random(SEED), by, advisor)


def check_cars(here: Bench, event: Event, first: set[int]) -> None:
    """Some of those who came have a report, with something urgent for whoever is `first`."""
    came = here.db.scalars(
        select(Registration)
        .where(
            Registration.event_id == event.id,
            Registration.vehicle_id.is_not(None),
            select(CheckIn.id).where(CheckIn.registration_id == Registration.id).exists(),
        )
        .order_by(Registration.owner_id.in_(first).desc(), Registration.id)
        .limit(MOST)
    )
    for number, registration in enumerate(came.all()):
        _check(here, registration, urgent=number == 0)
        if number % 4 == 0:
            _answer(here, registration, number // 4)


def _check(here: Bench, registration: Registration, *, urgent: bool) -> None:
    job = placing.job_of(here.db, registration.id)
    begins = job.starts_at if job else registration.event.starts_at
    who: dict[str, Any] = {"by": here.by, "now": begins}
    check = sheets.begin(here.db, registration, **who)
    here.db.refresh(check, ["results"])
    brand, size = here.chance.choice(_TYRES)
    km = (check.vehicle.mileage_km or 20_000) + here.chance.randint(0, 40)
    dot = f"{here.chance.randint(10, 50)}{begins.year % 100 - 3}"
    sheets.head(here.db, check, Head(km, True, brand, size, dot), **who)
    marks = [_mark(here, row) for row in check.results]
    if urgent:
        marks[9] = Mark(check.results[9].id, Colour.RED, note="积灰严重，已拍照", price_fen=12800)
        marks[4] = Mark(check.results[4].id, Colour.AMBER, price_fen=36000)
    sheets.fill(here.db, check, marks, **who)
    done = begins + timedelta(minutes=here.chance.randint(20, 28))
    name = here.chance.choice(_TECHNICIANS)
    signing.finish(here.db, check, technician=name, by=here.by, now=done)
    if here.chance.random() < 0.5:
        signing.look(here.db, check, by=here.advisor, now=done + timedelta(minutes=6))


def _mark(here: Bench, row: CheckResult) -> Mark:
    if row.unit:
        low, high = row.scale_low or 0, row.scale_high or 0
        middle = low + (high - low) * 2 // 3 if row.amber_below else low + (high - low) // 3
        spread = (high - low) // 20
        return Mark(
            row.id,
            measured={
                spot: (middle + here.chance.randint(-spread, spread)) // 10 * 10
                for spot in row.places
            },
        )
    chance = here.chance.random()
    colour = next(colour for colour, share in _SHARES if chance <= share)
    price = here.chance.randint(8, 60) * 1000 if colour in (Colour.AMBER, Colour.RED) else None
    return Mark(row.id, colour, price_fen=price)


def _answer(here: Bench, registration: Registration, turn: int) -> None:
    check = here.db.scalars(
        select(CheckSheet).where(CheckSheet.registration_id == registration.id)
    ).one()
    assert check.finished_at is not None
    said = _ANSWERS[turn % len(_ANSWERS)]
    for row in advised(check)[:1] if said else []:
        now = check.finished_at + timedelta(hours=5)
        advice.answer(here.db, check, row.id, said, by=None, now=now)  # type: ignore[arg-type]


def store_tyres(here: Bench, cars: list[Vehicle]) -> None:
    """Summer tyres of some cars lie on the shelves until spring; one should have gone by now."""
    today = here.draw.today
    for number, car in enumerate(cars):
        brand, size = here.chance.choice(_TYRES)
        until = today + timedelta(days=120 - 40 * number)
        dot, shelf = f"{here.chance.randint(10, 50)}23", f"B-{12 + number}"
        tyres = Tyres(brand, size, dot, 4, shelf, until)
        put = here.draw.now - timedelta(days=30 * number + 20)
        tyre_storage.store(here.db, car, tyres, today=put.date(), by=here.by, now=put)


def measured_at_service(here: Bench, cars: list[Vehicle]) -> None:
    """What the workshop noted at the last service: pads, tyres, battery of these cars."""
    on = here.draw.now - timedelta(days=40)
    for car in cars:
        pads, tread = here.chance.randint(42, 90) * 10, here.chance.randint(30, 64) * 10
        readings = [
            *(
                Reading(Measure.PAD, pads + n * 10, "mm", spot=spot)
                for n, spot in enumerate(_WHEELS)
            ),
            *(
                Reading(Measure.TREAD, tread + n * 10, "mm", spot=spot)
                for n, spot in enumerate(_WHEELS)
            ),
            Reading(Measure.BATTERY, here.chance.randint(1232, 1275), "V"),
        ]
        source = Source("service", car.id, on.astimezone(here.draw.zone).date(), on, here.by)
        measuring.note(here.db, car, readings, source)
