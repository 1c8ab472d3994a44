"""Pages for owners."""

from events.views import calendars, door_app, programme, registrations, sign_up, trips

__all__ = [
    "calendars",
    "door_app",
    "programme",
    "registrations",
    "sign_up",
    "trips",
]
