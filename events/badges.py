"""Name badges: one for each person who comes, and empty ones for who signs up at the door."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.models import Registration

ON_A_SHEET = 10


@dataclass(frozen=True, slots=True)
class Badge:
    """What stands on one: no name = written by hand; `guest_of` for a guest without a name."""

    name: str = ""
    guest_of: str = ""
    car: str = ""
    plate: str = ""
    number: int | None = None


def sheets(attendees: Iterable[Registration]) -> list[list[Badge]]:
    """All badges in sheets of ten; what is left of the last sheet, or a whole one, is empty."""
    badges = [badge for one in attendees for badge in _of(one)]
    badges += [Badge()] * (ON_A_SHEET - len(badges) % ON_A_SHEET)
    return [badges[start : start + ON_A_SHEET] for start in range(0, len(badges), ON_A_SHEET)]


def _of(one: Registration) -> list[Badge]:
    car = one.vehicle.model if one.vehicle else ""
    plate = (one.vehicle.plate or "") if one.vehicle else ""
    names = [guest.name for guest in one.companions if guest.name][: one.party_size - 1]
    unnamed = one.party_size - 1 - len(names)
    known = [Badge(name, "", car, plate, one.formation_number) for name in [one.owner.name, *names]]
    guest = Badge("", one.owner.name, car, plate, one.formation_number)
    return known + [guest] * unnamed
