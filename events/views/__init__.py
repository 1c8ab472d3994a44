"""Pages for owners."""

from events.views import (
    calendars,
    checks,
    documents,
    door_app,
    gathering,
    programme,
    registrations,
    sign_up,
    survey,
    trips,
    trips_recap,
)

__all__ = [
    "calendars",
    "checks",
    "documents",
    "door_app",
    "gathering",
    "programme",
    "registrations",
    "sign_up",
    "survey",
    "trips",
    "trips_recap",
]
