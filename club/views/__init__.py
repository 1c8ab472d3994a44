"""Pages for owners."""

from club.views import benefits, card, lots, points, refer, rewards, vouchers

__all__ = ["benefits", "card", "lots", "points", "refer", "rewards", "vouchers"]
