"""Pages for owners."""

from club.views import benefits, points, rewards, vouchers

__all__ = ["benefits", "points", "rewards", "vouchers"]
