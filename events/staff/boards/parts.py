"""What the board of one event is made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from events.models import Event
from foundation.charts import Chart, Tile
from foundation.shop import in_language
from foundation.web.language import reader_language


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: of which event, at which moment."""

    db: Session
    event: Event
    now: datetime

    @property
    def is_over(self) -> bool:
        return self.event.ends_at < self.now


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its charts, how to read them, and what is said where there are none.

    `warns` says that the notes are no small print, `noted` that staff note the cost here.
    """

    title: str
    charts: Sequence[Chart]
    nothing: str
    notes: Sequence[str] = ()
    warns: bool = False
    noted: bool = False


@dataclass(frozen=True, slots=True)
class EventBoard:
    """The page: key numbers and its parts."""

    tiles: Sequence[Tile]
    parts: Sequence[Part]


def word(thing: object, field: str = "name") -> str:
    """A staff text in the reader's language."""
    return in_language(thing, field, reader_language())


def drawn(charts: Sequence[Chart]) -> list[Chart]:
    """Those that have something to show."""
    return [one for one in charts if not one.is_empty]


def share(part: int, whole: int) -> str:
    """A share in whole percent."""
    return f"{100 * part / whole:.0f} %" if whole else "–"
