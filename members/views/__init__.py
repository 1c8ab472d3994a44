"""Pages for owners."""

from members.views import session

__all__ = ["session"]
