"""Pages for owners."""

from members.views import codes, interests, own_door, reading, session, sign_in, vehicles

__all__ = ["codes", "interests", "own_door", "reading", "session", "sign_in", "vehicles"]
