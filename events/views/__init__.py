"""Pages for owners."""

from events.views import door_app, programme, registrations, sign_up

__all__ = ["door_app", "programme", "registrations", "sign_up"]
