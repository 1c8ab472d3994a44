"""Until when: registering, changing, cancelling, answering an offer. All are inclusive (R26)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from events.models import Event
from foundation import tunables
from foundation.words import N_

OFFER_HOURS = tunables.declare(
    "events.offer_hours", 24, N_("How long an offered place is kept"), N_("hours"), 1, 168
)
QUIET_FROM = tunables.declare(
    "events.quiet_from", 20, N_("Quiet hours begin"), N_("o’clock"), 0, 23
)
QUIET_UNTIL = tunables.declare("events.quiet_until", 8, N_("Quiet hours end"), N_("o’clock"), 0, 23)


def registration_ends(event: Event) -> datetime:
    """The last moment for signing up: as planned, else the start."""
    return event.register_until or event.starts_at


def changes_end(event: Event) -> datetime:
    """The last moment at which members change what they signed up for."""
    return event.change_until or event.starts_at


def cancelling_ends(event: Event) -> datetime:
    """The last moment at which members give their place back themselves."""
    return event.cancel_until or event.starts_at


def offer_ends(db: Session, event: Event, *, now: datetime) -> datetime:
    """When an offer made now runs out: its clock stands still in quiet hours, and it never runs
    past the end of registration (R23)."""
    until = _waking(
        now,
        timedelta(hours=tunables.value(db, OFFER_HOURS)),
        time(tunables.value(db, QUIET_FROM)),
        time(tunables.value(db, QUIET_UNTIL)),
        event.shop.zone,
    )
    return min(until, registration_ends(event))


def next_waking_moment(db: Session, event: Event, *, now: datetime) -> datetime:
    """Now, or the end of the quiet hours that it lies in."""
    quiet_from = time(tunables.value(db, QUIET_FROM))
    quiet_until = time(tunables.value(db, QUIET_UNTIL))
    return _waking(now, timedelta(), quiet_from, quiet_until, event.shop.zone)


def last_waking_moment(db: Session, event: Event, *, now: datetime) -> datetime:
    """Now, or half an hour before the quiet hours that it lies in."""
    quiet_from = time(tunables.value(db, QUIET_FROM))
    quiet_until = time(tunables.value(db, QUIET_UNTIL))
    zone = event.shop.zone
    if _quiet_ends(now, quiet_from, quiet_until, zone) is None:
        return now
    return _next(now - timedelta(days=1), quiet_from, zone) - timedelta(minutes=30)


def _waking(
    start: datetime, hours: timedelta, quiet_from: time, quiet_until: time, zone: ZoneInfo
) -> datetime:
    """`hours` of wakefulness after `start`."""
    at, rest = start, hours
    while True:
        ends = _quiet_ends(at, quiet_from, quiet_until, zone)
        if ends is not None:
            at = ends
            continue
        begins = _next(at, quiet_from, zone) if quiet_from != quiet_until else at + rest
        if at + rest <= begins:
            return at + rest
        rest -= begins - at
        at = begins


def _quiet_ends(
    at: datetime, quiet_from: time, quiet_until: time, zone: ZoneInfo
) -> datetime | None:
    """When the quiet hours around `at` end; None when `at` is in none."""
    clock = at.astimezone(zone).time()
    if quiet_from <= quiet_until:
        quiet = quiet_from <= clock < quiet_until
    else:
        quiet = clock >= quiet_from or clock < quiet_until
    return _next(at, quiet_until, zone) if quiet else None


def _next(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The next moment after `at` at which the shop's clock shows `clock`."""
    day = at.astimezone(zone).date()
    moment = datetime.combine(day, clock, zone)
    if moment <= at:
        moment = datetime.combine(day + timedelta(days=1), clock, zone)
    return moment.astimezone(at.tzinfo)
