"""What a reader asks of the programme in its address: how to see it, and what of it."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from events.listing import Filter
from foundation import clock

LONGEST = 80


class Shape(enum.StrEnum):
    """The same programme as cards, as a month's grid, or place by place."""

    LIST = "list"
    MONTH = "month"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Asked:
    """The shape and the filter; both stand in the address, so a link to them can be kept."""

    shape: Shape
    filter: Filter
    page: int = 1

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> "Asked":
        """As the address has it; what nobody can mean is left out."""
        shape = args.get("view", "")
        return cls(
            shape=Shape(shape) if shape in list(Shape) else Shape.LIST,
            filter=Filter(
                kind=_word(args.get("kind")),
                month=_month(args.get("month")),
                interest=_word(args.get("interest")),
                words=" ".join(args.get("q", "").split())[:LONGEST],
                free=args.get("free") == "1",
            ),
            page=_page(args.get("page", "")),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the month is left out."""
        return Filter(month=self.filter.month) != self.filter

    def values(self) -> dict[str, str]:
        """The address's parts; what is as by default is not said."""
        said = {
            "view": "" if self.shape is Shape.LIST else self.shape.value,
            "month": f"{self.filter.month:%Y-%m}" if self.filter.month else "",
            "kind": self.filter.kind or "",
            "interest": self.filter.interest or "",
            "q": self.filter.words,
            "free": "1" if self.filter.free else "",
        }
        return {name: text for name, text in said.items() if text}

    def link(self, **changes: str | None) -> str:
        """The programme with some parts otherwise; None or nothing takes a part away."""
        wanted = {**self.values(), **changes}
        asked = urlencode({name: text for name, text in wanted.items() if text})
        return f"/events?{asked}" if asked else "/events"


def _word(text: str | None) -> str | None:
    return text[:LONGEST] if text else None


def _page(text: str) -> int:
    return max(int(text), 1) if text.isdecimal() and len(text) < 4 else 1


def _month(text: str | None) -> date | None:
    try:
        found = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
    except ValueError:
        return None
    return found if clock.is_meant(found) else None
