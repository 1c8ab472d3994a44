"""Three years of visits to the demo's workshop: what each car came for, when, for how much."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from foundation.clock import add_months
from members.models import OrderKind, PaidBy
from portal.demo.cars import Car
from portal.demo.people import Drawing

WORK = tomllib.loads((Path(__file__).parent / "work.toml").read_text("utf-8"))
YEARS = 3
FIRST_SERVICE_KM = 5000
_KINDS = {kind.value: kind for kind in OrderKind}


@dataclass(slots=True)
class Job:
    """One line to be: what was done, who paid, how much."""

    kind: OrderKind
    yuan: int
    content: str
    paid_by: PaidBy = PaidBy.OWNER
    refund: bool = False
    brand: str | None = None
    quantity: int | None = None


@dataclass(slots=True)
class Visit:
    """A car's day in the workshop."""

    car: Car
    on: date
    jobs: list[Job] = field(default_factory=list)
    taken_back: Job | None = None
    km: int | None = None


def kind_named(name: str) -> OrderKind:
    """The kind of work that a table names."""
    return _KINDS[name]


def visits_of(draw: Drawing, car: Car) -> list[Visit]:
    """The visits of one car within the last three years, by day."""
    chance = draw.chance
    leaves = _day_of_leaving(draw, car)
    found = _scheduled(draw, car, until=leaves) + _others(draw, car, until=leaves)
    by_day: dict[date, Visit] = {}
    for visit in sorted(found, key=lambda one: one.on):
        by_day.setdefault(visit.on, Visit(car, visit.on)).jobs.extend(visit.jobs)
    for visit in by_day.values():
        visit.km = _kilometres(car, visit.on)
        own = [job for job in visit.jobs if job.paid_by is PaidBy.OWNER]
        if own and chance.random() < 0.015:
            visit.taken_back = chance.choice(own)
    return list(by_day.values())


def _day_of_leaving(draw: Drawing, car: Car) -> date:
    """Most stay; one in seven was last seen long ago."""
    if draw.chance.random() > 0.14 or car.owner.kind == "company":
        return draw.today
    days = draw.chance.randint(190, 800)
    return max(draw.today - timedelta(days=days), car.bought)


def _scheduled(draw: Drawing, car: Car, *, until: date) -> list[Visit]:
    plan = WORK["plans"][car.vehicle.energy.value]
    chance = draw.chance
    found: list[Visit] = []
    month_km = car.yearly_km / 12
    every = min(plan["km"] / month_km, plan["months"])
    first = min(FIRST_SERVICE_KM / month_km, 6)
    number = 0
    while True:
        months = first + number * every
        day = add_months(car.bought, int(months)) + timedelta(days=chance.randint(-6, 24))
        day = _open_day(max(day, car.bought + timedelta(days=25)))
        if day >= until:
            return found
        if _seen(draw, day) and chance.random() > 0.08:
            found.append(Visit(car, day, [_service(draw, car, plan, number)]))
        number += 1


def _service(draw: Drawing, car: Car, plan: dict[str, Any], number: int) -> Job:
    if number == 0:
        return Job(OrderKind.FIRST_SERVICE, 380, "首次保养与全车检查", PaidBy.FREE)
    large = number % plan["large_every"] == 0
    yuan = draw.chance.randint(*plan["large" if large else "small"])
    return Job(OrderKind.SCHEDULED, round(yuan * car.price), plan["content"][large])


def _others(draw: Drawing, car: Car, *, until: date) -> list[Visit]:
    """Repairs, accessories, accidents: more of them in busy months and on older cars."""
    chance = draw.chance
    begin = max(car.bought + timedelta(days=30), add_months(draw.today, -12 * YEARS))
    years = max((until - begin).days, 0) / 365
    temper = 0.9 if car.owner.kind == "company" else chance.choice((0.3, 0.7, 1.0, 1.4, 2.8))
    number = int(years * temper * 0.98 + chance.random())
    return [Visit(car, _busy_day(draw, begin, until), _jobs(draw, car)) for _ in range(number)]


def _jobs(draw: Drawing, car: Car) -> list[Job]:
    chance = draw.chance
    rows = chance.choices(
        WORK["jobs"], [row["weight"] for row in WORK["jobs"]], k=chance.choice((1, 1, 1, 2, 2, 3))
    )
    return [_job(draw, car, row) for row in rows]


def _job(draw: Drawing, car: Car, row: dict[str, Any]) -> Job:
    low, high = row["yuan"]
    yuan = round(draw.chance.triangular(low, high, low + (high - low) / 5) * car.price)
    paid_by = PaidBy(row.get("paid_by", "owner"))
    return Job(kind_named(row["kind"]), yuan, draw.chance.choice(row["content"]), paid_by)


def _busy_day(draw: Drawing, begin: date, until: date) -> date:
    """A day between the two, drawn as the months are busy."""
    days = max((until - begin).days, 1)
    while True:
        day = begin + timedelta(days=draw.chance.randrange(days))
        if draw.chance.random() * max(WORK["seasons"]) < WORK["seasons"][day.month - 1]:
            return _open_day(day)


def _seen(draw: Drawing, day: date) -> bool:
    return add_months(draw.today, -12 * YEARS) < day < draw.today


def _open_day(day: date) -> date:
    """New Year's Day moves to the next; the shop is open on all others that we know of."""
    return day + timedelta(days=1) if (day.month, day.day) == (1, 1) else day


def _kilometres(car: Car, day: date) -> int:
    """The odometer on a day: grows with each day, never falls."""
    return 12 + car.yearly_km * (day - car.bought).days // 365
