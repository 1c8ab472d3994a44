"""What a draft still lacks before members see it."""

from dataclasses import dataclass
from datetime import datetime

from events import editing
from events.deadlines import registration_ends
from events.models import Event, QuotaKind, Unit
from foundation.words import N_


@dataclass(frozen=True, slots=True)
class Lack:
    """A sentence on what is missing; `stops` says that publishing is refused without it."""

    message: str
    stops: bool = False
    section: str = ""


def lacks(event: Event, *, now: datetime) -> list[Lack]:
    """What keeps a draft from being published, then what members would miss."""
    found = [
        (event.ends_at <= now, N_("It lies in the past: give it a new date."), True, "time"),
        (
            event.ends_at > now and registration_ends(event) <= now,
            N_("Sign-up would already be closed: set a later end of sign-up."),
            True,
            "time",
        ),
        (
            _is_without_limit(event),
            N_("Nobody counts the places: anyone can come."),
            False,
            "places",
        ),
        (
            any(not event.starts_at <= one.starts_at <= event.ends_at for one in event.agenda),
            N_("Times of the agenda lie before it begins or after it ends."),
            False,
            "agenda",
        ),
        (not event.summary_zh, N_("It has no sentence that says what it is."), False, "words"),
        (not event.about_zh, N_("It says nothing about the event."), False, "words"),
        (
            not event.title_en,
            N_("It has no English title; English readers see the Chinese."),
            False,
            "words",
        ),
        (event.register_until is None, N_("Sign-up stays open until it begins."), False, "time"),
        (
            bool(event.gift_zh) and editing.capacity_of(event, QuotaKind.GIFT) is None,
            N_("A gift is promised, but the stock is not counted."),
            False,
            "gift",
        ),
        (
            event.unit == Unit.PERSON and event.fee_fen > 0 and not event.fee_zh,
            N_("It costs something, but does not say how to pay."),
            False,
            "places",
        ),
    ]
    return [Lack(words, stops, section) for missing, words, stops, section in found if missing]


def _is_without_limit(event: Event) -> bool:
    """Neither the event nor all of its sessions have a number of places."""
    if editing.capacity_of(event, editing.unit_quota_of(event)) is not None:
        return False
    sessions = editing.standing_sessions(event)
    return not sessions or any(line.capacity is None for line in sessions)
