"""Pages for owners."""

from club.views import benefits, lots, points, rewards, vouchers

__all__ = ["benefits", "lots", "points", "rewards", "vouchers"]
