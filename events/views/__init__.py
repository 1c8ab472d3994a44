"""Pages for owners."""

from events.views import programme, registrations, sign_up

__all__ = ["programme", "registrations", "sign_up"]
