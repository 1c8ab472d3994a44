"""The demo's cars: who has which, since when, with which papers."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from foundation.clock import add_months
from members.models import BodyType, Energy, Owner, Ownership, Vehicle
from portal.demo.people import Drawing, People

CARS = 420
RANGE = tomllib.loads((Path(__file__).parent / "range.toml").read_text("utf-8"))
PLUGS_IN = (Energy.ELECTRIC, Energy.PLUG_IN, Energy.RANGE_EXTENDER)
_NEWEST_DAYS = 20
_OLDEST_DAYS = 8 * 365


@dataclass(slots=True)
class Car:
    """A car with what decides its orders: its model row, its owner, how far it runs."""

    vehicle: Vehicle
    owner: Owner
    price: float
    yearly_km: int

    @property
    def bought(self) -> date:
        assert self.vehicle.purchased_on is not None
        return self.vehicle.purchased_on


def cars(db: Session, draw: Drawing, everybody: People, so_far: int) -> list[Car]:
    """All cars but the `so_far` that exist already: companies have fleets, some persons two."""
    owners = list(everybody.persons)
    for company in everybody.companies:
        owners += [company] * draw.chance.choice((1, 2, 3, 4, 5, 6, 8, 10))
    while len(owners) + so_far < CARS:
        owners.append(draw.chance.choice(everybody.persons))
    made = [car(draw, owner, _model(draw)) for owner in owners[: CARS - so_far]]
    keep(db, made)
    return made


def keep(db: Session, made: list[Car]) -> None:
    """Store cars with who owns them."""
    db.add_all(one.vehicle for one in made)
    db.flush()
    db.add_all(
        Ownership(owner_id=one.owner.id, vehicle_id=one.vehicle.id, from_on=one.bought)
        for one in made
    )
    db.flush()


def model(code: str) -> dict[str, Any]:
    """A model of the range by its code."""
    return next(row for row in RANGE["models"] if row["code"] == code)


def car(draw: Drawing, owner: Owner, row: dict[str, Any], bought: date | None = None) -> Car:
    """A car of a model, bought on a day after the model came out."""
    chance = draw.chance
    bought = bought or _bought(draw, row["since"])
    energy = Energy(row["energy"])
    year = bought.year if bought.month > 2 else bought.year - 1
    km = chance.randint(22, 42) if owner.kind == "company" else chance.randint(7, 24)
    vehicle = Vehicle(
        vin=draw.numbers.vin(row["code"], max(year, row["since"])),
        plate=_plate(draw, energy, bought),
        make=RANGE["make"],
        model=row["model"],
        trim=chance.choice(row["trims"]),
        model_year=max(year, row["since"]),
        colour=chance.choice(RANGE["colours"]),
        body=BodyType(row["body"]),
        energy=energy,
        engine_number=None if energy is Energy.ELECTRIC else f"YE{chance.randrange(10**6):06d}",
        purchased_on=bought,
        registered_on=bought + timedelta(days=chance.randint(2, 12)),
        created_at=draw.moment(bought),
    )
    _papers(vehicle, bought, draw.today)
    return Car(vehicle, owner, row["price"], km * 1000)


def _papers(vehicle: Vehicle, bought: date, today: date) -> None:
    """Insurance runs by the year; inspection in years 2, 4, 6, 8, 10, then yearly."""
    insured = bought
    while insured <= today:
        insured = add_months(insured, 12)
    vehicle.compulsory_insurance_until = insured
    vehicle.commercial_insurance_until = insured
    registered = vehicle.registered_on or bought
    years = next(
        n for n in (2, 4, 6, 8, 10, *range(11, 40)) if add_months(registered, n * 12) > today
    )
    vehicle.inspection_until = add_months(registered, years * 12)


def _plate(draw: Drawing, energy: Energy, bought: date) -> str | None:
    if (draw.today - bought).days < 30 and draw.chance.random() < 0.5:
        return None  # still on its paper plate
    return draw.numbers.plate(green=energy in PLUGS_IN, pure=energy is Energy.ELECTRIC)


def _model(draw: Drawing) -> dict[str, Any]:
    rows = RANGE["models"]
    found: dict[str, Any] = draw.chance.choices(rows, [row["weight"] for row in rows])[0]
    return found


def _bought(draw: Drawing, since: int) -> date:
    """Newer cars are more than old ones, and no car is older than its model."""
    days = int(draw.chance.triangular(_NEWEST_DAYS, _OLDEST_DAYS, 1.5 * 365))
    return max(draw.today - timedelta(days=days), date(since, 4, draw.chance.randint(1, 28)))
