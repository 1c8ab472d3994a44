"""Events in people's own calendars: iCalendar, RFC 5545 (R29, R30)."""

import enum
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar

from events.models import Event, EventSession, EventState, Registration, RegistrationState
from foundation.shop import in_language

LANGUAGE = "zh-Hans"
LOOKS_AGAIN = timedelta(hours=4)


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
    ended = registration.state != RegistrationState.CONFIRMED
    method = method or (Method.CANCEL if ended else Method.PUBLISH)
    entry = registration_entry(
        registration, language=language, url=url, at=now, cancelled=method == Method.CANCEL
    )
    return _written([entry], method, in_language(registration.event.shop, "club_name", language))


def of_event(
    event: Event, *, language: str = LANGUAGE, url: str | None = None, now: datetime
) -> bytes:
    """The entry of the event itself, for everybody; it cancels itself with the event."""
    method = Method.CANCEL if event.cancelled_at is not None else Method.PUBLISH
    entry = event_entry(event, language=language, url=url, at=now)
    return _written([entry], method, in_language(event.shop, "club_name", language))


def feed(entries: Iterable[icalendar.Event], *, name: str) -> bytes:
    """A calendar to subscribe to; each entry says by itself whether it still takes place."""
    return _written(entries, Method.PUBLISH, name, looks_again=True)


def registration_entry(
    registration: Registration,
    *,
    language: str = LANGUAGE,
    url: str | None = None,
    at: datetime,
    cancelled: bool | None = None,
) -> icalendar.Event:
    """One member's place as it was last changed `at`."""
    event, session = registration.event, registration.session
    entry = _entry(event, language, at)
    entry.add("uid", f"{registration.id}.{event.uid}")
    entry.add("sequence", event.sequence + registration.sequence)
    _add_times(entry, event, *(_span(session) if session else _span(event)))
    ended = registration.state != RegistrationState.CONFIRMED
    return _ended_up(entry, ended if cancelled is None else cancelled, url)


def event_entry(
    event: Event, *, language: str = LANGUAGE, url: str | None = None, at: datetime
) -> icalendar.Event:
    """The event itself as it was last changed `at`."""
    entry = _entry(event, language, at)
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    _add_times(entry, event, *_span(event))
    return _ended_up(entry, event.state == EventState.CANCELLED, url)


def _span(thing: Event | EventSession) -> tuple[datetime, datetime]:
    return thing.starts_at, thing.ends_at


def _entry(event: Event, language: str, at: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("dtstamp", at.astimezone(UTC))
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


def _ended_up(entry: icalendar.Event, cancelled: bool, url: str | None) -> icalendar.Event:
    if url:
        entry.add("url", url)
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return entry


def _written(
    entries: Iterable[icalendar.Event], method: Method, name: str, *, looks_again: bool = False
) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Marque//Owners' club//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add("x-wr-calname", name)
    if looks_again:
        ttl = icalendar.vDuration(LOOKS_AGAIN)
        calendar.add("x-published-ttl", ttl.to_ical().decode())
        calendar.add("refresh-interval", ttl, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
