"""Two owners to look through the eyes of: one near the top of gold, one who has just come."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from members.models import Owner, PaidBy
from portal.demo import cars
from portal.demo.cars import Car
from portal.demo.people import Drawing, person
from portal.demo.workshop import Job, Visit, kind_named

STORY = tomllib.loads((Path(__file__).parent / "story.toml").read_text("utf-8"))


@dataclass(slots=True)
class Story:
    """The owners who can sign in, their cars and their visits."""

    owner: Owner
    friend: Owner
    cars: dict[str, Car]
    visits: list[Visit]


def tell(db: Session, draw: Drawing) -> Story:
    """Both owners with their cars; visits are stored with everybody's."""
    people = {row["key"]: _person(draw, row) for row in STORY["people"]}
    db.add_all(people.values())
    db.flush()
    garage = {row["key"]: _car(draw, people[row["owner"]], row) for row in STORY["cars"]}
    cars.keep(db, list(garage.values()))
    visits = [_visit(draw, garage[row["car"]], row) for row in STORY["visits"]]
    return Story(people["owner"], people["friend"], garage, visits)


def row_of(key: str) -> dict[str, Any]:
    """What is written of one of the two."""
    found: dict[str, Any] = next(row for row in STORY["people"] if row["key"] == key)
    return found


def who_comes(kind: str, over: bool) -> list[str]:
    """Who of the two signs up for an event of this kind that is over, or that is to come."""
    when = "came_to" if over else "comes_to"
    return [row["email"] for row in STORY["people"] if kind in row[when]]


def who_waits(kind: str) -> list[str]:
    """Who of the two heads the queue of a coming event of this kind."""
    return [row["email"] for row in STORY["people"] if kind in row["waits_for"]]


def joined_on(draw: Drawing, key: str) -> date:
    """The day on which one of the two joined."""
    return draw.today - timedelta(days=row_of(key)["joined_days_ago"])


def _person(draw: Drawing, row: dict[str, Any]) -> Owner:
    return person(
        draw,
        row["name"],
        row["sex"],
        email=row["email"],
        wechat=row["wechat"],
        contact_time=row["contact_time"],
        born_on=date.fromisoformat(row["born_on"]),
    )


def _car(draw: Drawing, owner: Owner, row: dict[str, Any]) -> Car:
    bought = draw.today - timedelta(days=row["bought_days_ago"])
    made = cars.car(draw, owner, cars.model(row["model"]), bought)
    made.vehicle.colour = row["colour"]
    made.yearly_km = row["yearly_km"]
    return made


def _visit(draw: Drawing, car: Car, row: dict[str, Any]) -> Visit:
    day = draw.today - timedelta(days=row["days_ago"])
    jobs = [
        Job(
            kind_named(job["kind"]),
            int(job["yuan"]),
            job["content"],
            PaidBy(job.get("paid_by", "owner")),
            brand=job.get("brand"),
            quantity=job.get("quantity"),
        )
        for job in row["jobs"]
    ]
    return Visit(car, day, jobs, km=12 + car.yearly_km * (day - car.bought).days // 365)
