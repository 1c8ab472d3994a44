"""Pages at the desk."""

from events.staff import (
    acts,
    by_hand,
    checks_bays,
    checks_front,
    checks_points,
    checks_sheets,
    checks_workshop,
    door,
    door_device,
    door_papers,
    editor,
    programme,
    roster,
    trips,
    trips_convoy,
    trips_roll,
)

__all__ = [
    "acts",
    "by_hand",
    "checks_bays",
    "checks_front",
    "checks_points",
    "checks_sheets",
    "checks_workshop",
    "door",
    "door_device",
    "door_papers",
    "editor",
    "programme",
    "roster",
    "trips",
    "trips_convoy",
    "trips_roll",
]
