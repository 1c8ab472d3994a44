"""Pages for owners."""

from members.views import codes, session, sign_in

__all__ = ["codes", "session", "sign_in"]
