"""What kinds of cars are called."""

from foundation.words import N_
from members.models import BodyType, Energy

ENERGY_WORDS: dict[Energy, str] = {
    Energy.FUEL: N_("Fuel"),
    Energy.HYBRID: N_("Hybrid"),
    Energy.PLUG_IN: N_("Plug-in hybrid"),
    Energy.RANGE_EXTENDER: N_("Range extender"),
    Energy.ELECTRIC: N_("Electric"),
}
BODY_WORDS: dict[BodyType, str] = {
    BodyType.SEDAN: N_("Sedan"),
    BodyType.HATCHBACK: N_("Hatchback"),
    BodyType.SUV: N_("SUV"),
    BodyType.MPV: N_("MPV"),
    BodyType.WAGON: N_("Wagon"),
    BodyType.COUPE: N_("Coupé"),
}
