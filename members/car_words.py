"""What kinds of cars are called, and one car."""

from foundation.words import N_
from members.models import BodyType, Energy, Vehicle
from members.plates import Plate, PlateKind

VIN_END = 6

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


def car_name(vehicle: Vehicle) -> str:
    """The model, else the make; a car known by nothing else is named by its plate or VIN."""
    if vehicle.model or vehicle.make:
        return vehicle.model or vehicle.make
    if vehicle.plate:
        return Plate(vehicle.plate, PlateKind.BLUE).display
    return f"VIN …{vehicle.vin[-VIN_END:]}" if vehicle.vin else "—"


def energy_known(vehicle: Vehicle) -> bool:
    """Whether somebody said what drives the car: fuel is what is assumed of a bare plate."""
    told = vehicle.energy_said or vehicle.energy is not Energy.FUEL
    return told or bool(vehicle.model or vehicle.make)
