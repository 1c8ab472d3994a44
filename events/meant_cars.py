"""Which cars an event is for: of these models, of these kinds of energy."""

from collections.abc import Iterable
from typing import NamedTuple

from events.models import Event, Unit
from members.car_words import ENERGY_WORDS
from members.models import Energy, Vehicle


class Drives(NamedTuple):
    """What an event can ask of a car."""

    model: str
    energy: str


def drives(car: Vehicle) -> Drives:
    """What of a car an event can ask."""
    return Drives(car.model or "", car.energy or "")


def asks_for_car(event: Event) -> bool:
    """Whether nobody comes without a car."""
    return event.unit == Unit.CAR or event.one_per_car or is_for_some(event)


def is_for_some(event: Event) -> bool:
    """Whether it is for some cars and not for others."""
    return bool(event.for_models or event.for_energies)


def meant(event: Event, car: Drives) -> bool:
    """Whether a car may come; where both are asked for, one car has to be both."""
    return (not event.for_models or car.model in event.for_models) and (
        not event.for_energies or car.energy in event.for_energies
    )


def meant_for_one(event: Event, cars: Iterable[Drives]) -> bool:
    """Whether the event is for all cars, or for one of these."""
    return not is_for_some(event) or any(meant(event, car) for car in cars)


def energy_words(event: Event) -> list[str]:
    """The kinds of energy that it is for, in marked words."""
    return [words for kind, words in ENERGY_WORDS.items() if kind.value in event.for_energies]


PLUGS = frozenset({Energy.PLUG_IN.value, Energy.RANGE_EXTENDER.value, Energy.ELECTRIC.value})


def is_about_plugs(event: Event) -> bool:
    """Whether it is for cars with a plug alone."""
    return bool(event.for_energies) and PLUGS.issuperset(event.for_energies)
