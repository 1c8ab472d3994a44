"""What points and benefits are worth in money."""

from foundation import tunables
from foundation.words import N_

POINTS_PER_YUAN = tunables.declare(
    "club.points_per_yuan", 100, N_("Points that are worth ¥1"), N_("points"), 1, 100_000
)
BENEFIT_COST = tunables.declare(
    "club.benefit_cost", 80, N_("What a used benefit costs us, on average"), N_("yuan"), 0, 100_000
)
