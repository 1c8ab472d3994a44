"""Time slots one after the other, as the shop's clock shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.refusals import Refusal
from foundation.words import N_

MOST = 200


class SlotsRefused(Refusal):
    """No slots can be made from these times."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot: the day of the event (1 is the first), from when until when."""

    day: int
    starts: time
    ends: time


def make_slots(
    days: int, opens: time, closes: time, minutes: int, pause: tuple[time, time] | None = None
) -> list[Slot]:
    """Slots of equal length on each day; one that would run into the pause starts after it."""
    if minutes < 5 or closes <= opens:
        raise SlotsRefused(N_("Slots need an opening before the closing, and at least 5 minutes."))
    if pause is not None and pause[1] <= pause[0]:
        raise SlotsRefused(N_("The break must end after it begins."))
    of_a_day = _of_a_day(opens, closes, minutes, pause)
    if len(of_a_day) * days > MOST:
        raise SlotsRefused(N_("That would make more than %(most)s slots."), most=MOST)
    return [Slot(day, starts, ends) for day in range(1, days + 1) for starts, ends in of_a_day]


def _of_a_day(
    opens: time, closes: time, minutes: int, pause: tuple[time, time] | None
) -> list[tuple[time, time]]:
    at, end, length = _minute(opens), _minute(closes), minutes
    rest = (_minute(pause[0]), _minute(pause[1])) if pause else None
    made = []
    while at + length <= end:
        if rest and at < rest[1] and at + length > rest[0]:
            at = rest[1]
            continue
        made.append((_clock(at), _clock(at + length)))
        at += length
    return made


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


def moment_on(first: date, day: int, clock: time, zone: ZoneInfo) -> datetime:
    """The moment at which the clock shows `clock` on the event's `day` (1 is `first`)."""
    return datetime.combine(first + timedelta(days=day - 1), clock, zone)


def span_on(
    first: date, day: int, starts: time, ends: time, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """From when until when; an end that is not after the start lies on the next day."""
    begins = moment_on(first, day, starts, zone)
    return begins, moment_on(first, day if ends > starts else day + 1, ends, zone)
