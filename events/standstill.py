"""Why was nobody offered a place? An answer for the desk (R24)."""

from datetime import datetime

from sqlalchemy.orm import Session

from events import choices, quotas, waitlist
from events.models import Event, EventState, QuotaKind, Registration
from events.queueing import line
from foundation.words import N_

Sentence = tuple[str, dict[str, object]]


def why_nobody_was_offered(db: Session, event: Event, *, now: datetime) -> Sentence:
    """A marked sentence and its values, as the queue stands now: `say(*why_…)` on the page."""
    waiting = line(db, event.id)
    if not waiting:
        return N_("Nobody is waiting."), {}
    if event.state != EventState.PUBLISHED:
        return N_("This event does not take place."), {}
    if not waitlist.offers_are_made(event, now=now):
        return N_("Sign-up has closed: set a later end of sign-up to offer places."), {}
    first = next((one for one in waiting if one.skip_reason is None), None)
    if first is None:
        return N_("Everybody who waits is being passed over; the reason stands by each name."), {}
    return _hindrance(first)


def _when(event: Event) -> str:
    until = event.reserved_until
    return f"{until.astimezone(event.shop.zone):%Y-%m-%d %H:%M}" if until else ""


def _slot(first: Registration) -> str:
    """The slot they wait for, in the shop's time."""
    if first.session is None:
        return ""
    zone = first.event.shop.zone
    starts, ends = (
        one.astimezone(zone) for one in (first.session.starts_at, first.session.ends_at)
    )
    return f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def _hindrance(first: Registration) -> Sentence:
    """What the first in line is waiting for."""
    rows = first.event.quotas
    needs = quotas.needs_of_registration(first, rows)
    short = next(
        (row for row in rows if row.id in needs and not quotas.has_room(row, needs[row.id])), None
    )
    if short is None:
        return N_("Places are free, and the first in line will be offered theirs at once."), {}
    if short.kind == QuotaKind.CHOICE:
        return N_(
            "%(name)s is first in line and chose “%(choice)s”, which is all taken. Others are "
            "offered places meanwhile."
        ), {"name": first.owner.name, "choice": choices.words(first.event, short)}
    if short.kind == QuotaKind.BELOW:
        return N_(
            "What is free is kept for higher tiers until %(until)s; %(name)s is first in line."
        ), {"name": first.owner.name, "until": _when(first.event)}
    if quotas.is_overbooked(short):
        return N_(
            "%(taken)s places are taken and there are only %(capacity)s: some must come free first."
        ), {"taken": short.taken, "capacity": short.capacity}
    free = quotas.left(short)
    if short.kind == QuotaKind.SESSION:
        return _short_slot(first, needs[short.id], free or 0)
    if not free:
        return N_("All places are taken or on offer."), {}
    return N_(
        "%(name)s is first in line and needs %(wanted)s places; free now: %(free)s. "
        "The first in line is not overtaken unless you let others pass."
    ), {"name": first.owner.name, "wanted": needs[short.id], "free": free}


def _short_slot(first: Registration, wanted: int, free: int) -> Sentence:
    """One slot holds them up, whatever is free in the others."""
    told: dict[str, object] = {"name": first.owner.name, "slot": _slot(first)}
    if not free:
        return N_(
            "%(name)s is first in line and waits for the slot %(slot)s, where all places are taken "
            "or on offer."
        ), told
    return N_(
        "%(name)s is first in line and needs %(wanted)s places in the slot %(slot)s; free there "
        "now: %(free)s. The first in line is not overtaken unless you let others pass."
    ), told | {"wanted": wanted, "free": free}
