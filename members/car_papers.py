"""How long the papers of a car still run: insurance and inspection, as arcs of a gauge."""

from dataclasses import dataclass
from datetime import date

from foundation.words import N_
from members.models import Vehicle

YEAR = 365
SOON_DAYS = 60
_SPREAD = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its last day. `low` and `high` bound the arc, 0 to 100; `state` is good, soon,
    now (over or within a fortnight) or unknown."""

    label: str
    until: date | None
    days: int | None
    state: str
    low: int | None
    high: int | None


def papers_of(vehicle: Vehicle, *, today: date) -> list[Paper]:
    """The three papers of a car."""
    return [
        _paper(N_("Compulsory insurance"), vehicle.compulsory_insurance_until, YEAR, today),
        _paper(N_("Commercial insurance"), vehicle.commercial_insurance_until, YEAR, today),
        _paper(N_("Inspection"), vehicle.inspection_until, 2 * YEAR, today),
    ]


def _paper(label: str, until: date | None, whole: int, today: date) -> Paper:
    if until is None:
        return Paper(label, None, None, "unknown", None, None)
    days = (until - today).days
    middle = min(max(days, 0) * 100 // whole, 100)
    state = "now" if days <= 14 else "soon" if days <= SOON_DAYS else "good"
    return Paper(label, until, days, state, max(middle - _SPREAD, 0), min(middle + _SPREAD, 100))
