"""For whom an event is meant: its conditions, and the first that keeps somebody out."""

import enum
from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from events import meant_cars
from events.models import Event
from foundation.words import N_
from members import interests
from members.models import Interest, Vehicle


class Condition(enum.StrEnum):
    """What an event may ask of who comes."""

    TIERS = "tiers"
    INTERESTS = "interests"
    INVITED = "invited"
    CARS = "cars"


REFUSALS = {
    Condition.TIERS: N_("This event is for members of other tiers."),
    Condition.INTERESTS: N_("This event is for members who like what it is about."),
    Condition.INVITED: N_("This event is by invitation."),
    Condition.CARS: N_("This event is for other cars than this one."),
}


class Known(Protocol):
    """What the conditions ask of a member."""

    @property
    def tier(self) -> str: ...

    @property
    def invited(self) -> bool: ...

    @property
    def likes_it(self) -> bool: ...


def unmet(event: Event, known: Known) -> Condition | None:
    """The first condition that a member does not meet, whatever car they come with."""
    if event.for_tiers and known.tier not in event.for_tiers:
        return Condition.TIERS
    if event.interests_only and not known.likes_it:
        return Condition.INTERESTS
    if event.invited_only and not known.invited:
        return Condition.INVITED
    return None


def likes_of(db: Session, event: Event) -> Sequence[Interest]:
    """The interests of which whoever comes must have one; none where they do not count."""
    return interests.named(db, event.interests if event.interests_only else ())


def fitting(event: Event, cars: Iterable[Vehicle]) -> list[Vehicle]:
    """Of these cars those that may come."""
    return [car for car in cars if meant_cars.meant(event, meant_cars.drives(car))]
