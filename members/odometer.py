"""Whether a reading of the odometer can be right (R50)."""

from datetime import date

from foundation.refusals import Refusal
from foundation.words import N_
from members.measured_values import ValueUnclear

A_DAY_KM = 1500
MOST_KM = 2_000_000
Known = tuple[int, date | None] | None


class OdometerFalls(Refusal):
    """The reading is lower than one that is on file, or further on than anybody drives."""


def unlikely(known: Known, km: int, on: date) -> OdometerFalls | None:
    """What speaks against a reading of a day beside the one `known` on file; None for nothing.

    Raises ValueUnclear for what no odometer shows.
    """
    if not 0 <= km <= MOST_KM:
        raise ValueUnclear(N_("Please enter the odometer in whole kilometres."))
    if known is None:
        return None
    before, day = known
    if day is not None and on < day:
        return _beside_later(before, day, km)
    if km < before:
        return OdometerFalls(
            N_("This is less than the %(km)s km on file. Please read it again."), km=f"{before:,}"
        )
    days = (on - day).days + 1 if day else None
    if days is not None and km - before > days * A_DAY_KM:
        return OdometerFalls(
            N_("That is %(km)s km more than on file, in %(days)s days. Please read it again."),
            km=f"{km - before:,}",
            days=days,
        )
    return None


def _beside_later(later: int, day: date, km: int) -> OdometerFalls | None:
    if km <= later:
        return None
    return OdometerFalls(
        N_("On %(day)s the odometer showed %(km)s km. Please read it again."),
        day=day.isoformat(),
        km=f"{later:,}",
    )
