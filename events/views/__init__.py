"""Pages for owners."""

from events.views import calendars, door_app, programme, registrations, sign_up

__all__ = ["calendars", "door_app", "programme", "registrations", "sign_up"]
