"""What a car lived through besides the workshop, told by rooms above that announce themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from foundation.words import InBoth


@dataclass(frozen=True, slots=True)
class Chapter:
    """A day of the car with this owner: a marked title with its values, and where to read more."""

    on: date
    title: str
    values: dict[str, str | InBoth]
    href: str


Teller = Callable[[Session, int, int], list[Chapter]]
_TELLERS: list[Teller] = []


def announce(teller: Teller) -> Teller:
    """Let a rule tell of (session, owner, car); used as a decorator."""
    _TELLERS.append(teller)
    return teller


def chapters_of(db: Session, owner_id: int, vehicle_id: int) -> list[Chapter]:
    """All that the rooms know of a car with its owner, the newest first."""
    found = [chapter for tell in _TELLERS for chapter in tell(db, owner_id, vehicle_id)]
    return sorted(found, key=lambda chapter: chapter.on, reverse=True)
