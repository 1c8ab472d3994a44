"""Pages for owners."""

from club.views import benefits, card, lots, packages, points, quotes, refer, rewards, vouchers

__all__ = [
    "benefits",
    "card",
    "lots",
    "packages",
    "points",
    "quotes",
    "refer",
    "rewards",
    "vouchers",
]
