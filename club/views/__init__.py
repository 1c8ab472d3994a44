"""Pages for owners."""

from club.views import benefits, points

__all__ = ["benefits", "points"]
