"""An event in the member's own calendar: iCalendar, RFC 5545 (R29, R30)."""

import enum
from datetime import UTC, datetime

import icalendar

from events.models import Event, EventSession, Registration, RegistrationState
from foundation.shop import in_language

LANGUAGE = "zh-Hans"


class Method(enum.StrEnum):
    """What the calendar is asked to do with the entry."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


def of_registration(
    registration: Registration,
    *,
    method: Method | None = None,
    language: str = LANGUAGE,
    url: str | None = None,
    now: datetime,
) -> bytes:
    """The entry of one member: the same UID for its whole life, SEQUENCE grows as it moves.

    It cancels itself when the registration has ended.
    """
    event, session = registration.event, registration.session
    ended = registration.state != RegistrationState.CONFIRMED
    entry = _entry(event, language, now)
    entry.add("uid", f"{registration.id}.{event.uid}")
    entry.add("sequence", event.sequence + registration.sequence)
    _add_times(entry, event, *(_span(session) if session else _span(event)))
    if url:
        entry.add("url", url)
    return _calendar(entry, method or (Method.CANCEL if ended else Method.PUBLISH), event, language)


def of_event(
    event: Event, *, language: str = LANGUAGE, url: str | None = None, now: datetime
) -> bytes:
    """The entry of the event itself, for everybody; it cancels itself with the event."""
    entry = _entry(event, language, now)
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    _add_times(entry, event, *_span(event))
    if url:
        entry.add("url", url)
    cancelled = event.cancelled_at is not None
    return _calendar(entry, Method.CANCEL if cancelled else Method.PUBLISH, event, language)


def _span(thing: Event | EventSession) -> tuple[datetime, datetime]:
    return thing.starts_at, thing.ends_at


def _entry(event: Event, language: str, now: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("summary", in_language(event, "title", language))
    place = in_language(event, "place", language)
    entry.add("location", ", ".join(part for part in (place, event.address) if part))
    words = [in_language(event, "summary", language), in_language(event, "bring", language)]
    if any(words):
        entry.add("description", "\n\n".join(word for word in words if word))
    return entry


def _add_times(
    entry: icalendar.Event, event: Event, starts_at: datetime, ends_at: datetime
) -> None:
    zone = event.shop.zone
    entry.add("dtstart", starts_at.astimezone(zone))
    entry.add("dtend", ends_at.astimezone(zone))


def _calendar(entry: icalendar.Event, method: Method, event: Event, language: str) -> bytes:
    entry.add("status", "CANCELLED" if method == Method.CANCEL else "CONFIRMED")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Marque//Owners' club//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add("x-wr-calname", in_language(event.shop, "club_name", language))
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
