"""Who could come to an event of the demo: members with their cars, tiers and likes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import meant_cars
from events.models import Event
from members.models import Interest, MemberFacts, Owner, OwnerInterest, Vehicle
from portal.demo.cars import Car
from portal.demo.joining import Joiner
from portal.demo.people import Drawing

_PARTIES = ((1, 9), (2, 7), (3, 3), (4, 2))


@dataclass(slots=True)
class Somebody:
    """A member as an event sees them."""

    owner: Owner
    joined: date
    tier: str = "general"
    cars: list[Vehicle] = field(default_factory=list)
    likes: set[str] = field(default_factory=set)


class Crowd:
    """All members; the two of the story are kept apart and come where their story says."""

    def __init__(
        self, db: Session, draw: Drawing, joiners: Iterable[Joiner], garage: Iterable[Car]
    ) -> None:
        self.draw = draw
        self.members = {one.owner.id: Somebody(one.owner, one.on) for one in joiners}
        self.told = {one.login: self.members[one.owner.id] for one in joiners if one.login}
        self._read_tiers(db)
        self._read_likes(db)
        for car in garage:
            if car.owner.id in self.members:
                self.members[car.owner.id].cars.append(car.vehicle)

    def candidates(self, event: Event) -> list[Somebody]:
        """Who may come, those who like such things mostly first."""
        told = {one.owner.id for one in self.told.values()}
        found = [
            one
            for one in self.members.values()
            if one.owner.id not in told and self.may_come(event, one)
        ]
        wanted = set(event.interests)
        weight = {one.owner.id: self.draw.chance.random() for one in found}
        found.sort(key=lambda one: weight[one.owner.id] - 0.4 * len(one.likes & wanted))
        return found

    def may_come(self, event: Event, one: Somebody) -> bool:
        """Their tier fits, and they have a car where one is asked for."""
        if event.for_tiers and one.tier not in event.for_tiers:
            return False
        return self.car_for(event, one) is not None or not self._asks_for_car(event)

    def car_for(self, event: Event, one: Somebody) -> Vehicle | None:
        """The car they bring, None where none is asked for."""
        if not self._asks_for_car(event):
            return None
        return next(
            (car for car in one.cars if meant_cars.meant(event, meant_cars.drives(car))), None
        )

    def party(self, event: Event) -> int:
        """How many come along, within the limit."""
        sizes, weights = zip(*_PARTIES, strict=True)
        return min(self.draw.chance.choices(sizes, weights)[0], event.party_limit)

    def had_joined(self, one: Somebody, now: datetime) -> bool:
        """Whether they were a member already."""
        return one.joined < now.astimezone(self.draw.zone).date()

    def _asks_for_car(self, event: Event) -> bool:
        return meant_cars.asks_for_car(event)

    def _read_tiers(self, db: Session) -> None:
        rows = db.execute(select(MemberFacts.owner_id, MemberFacts.tier))
        for owner_id, tier in rows:
            if owner_id in self.members:
                self.members[owner_id].tier = tier

    def _read_likes(self, db: Session) -> None:
        query = select(OwnerInterest.owner_id, Interest.code).join(Interest)
        likes: dict[int, set[str]] = defaultdict(set)
        for owner_id, code in db.execute(query):
            likes[owner_id].add(code)
        for owner_id, one in self.members.items():
            one.likes = likes[owner_id]
