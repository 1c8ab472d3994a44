"""Phone numbers, plates and VINs that look right and can belong to nobody."""

from collections.abc import Callable
from random import Random

from members.plates import normalise_plate
from members.vins import normalise_vin

# Mobile ranges that no operator was given: a text sent by mistake reaches nobody.
FREE_RANGES = ("154", "163", "164", "168", "169")
_OFFICES = ("浙A",) * 17 + ("浙B", "浙D", "浙F", "沪A", "苏E")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "0123456789"
_SERIALS = ("DDDDD", "LDDDD", "DLDDD", "DDDDL", "LDDDL", "DDLDD")
_YEAR_SIGNS = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 2010
MAKER = "LY8"


class Numbers:
    """Draws numbers, each once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._used: set[str] = set()
        self._serial = 100_000

    def phone(self) -> str:
        """A mobile number in E.164."""
        return self._once(
            lambda: f"+86{self.chance.choice(FREE_RANGES)}{self.chance.randrange(10**8):08d}"
        )

    def plate(self, *, green: bool, pure: bool) -> str:
        """A plate of the city or a near one: eight signs where the car plugs in."""

        def draw() -> str:
            office = self.chance.choice(_OFFICES)
            if green:
                energy = "D" if pure else "F"
                second = self.chance.choice(_LETTERS.replace("Q", "") + _DIGITS)
                return f"{office}{energy}{second}{self.chance.randrange(10**4):04d}"
            shape = self.chance.choice(_SERIALS)
            return office + "".join(
                self.chance.choice(_LETTERS if sign == "L" else _DIGITS) for sign in shape
            )

        return self._once(lambda: normalise_plate(draw()).text)

    def vin(self, code: str, year: int) -> str:
        """A VIN of the make with its model's signs, its year and the right check digit."""
        self._serial += self.chance.randint(1, 37)
        sign = _YEAR_SIGNS[(year - _FIRST_YEAR) % len(_YEAR_SIGNS)]
        body = f"{MAKER}{code}{self.chance.choice('AB')}{self.chance.randint(1, 8)}"
        rest = f"{sign}H{self._serial:06d}"
        drafts = (normalise_vin(f"{body}{check}{rest}") for check in "0123456789X")
        return next(vin.text for vin in drafts if vin.check_digit_ok)

    def _once(self, draw: Callable[[], str]) -> str:
        while (text := draw()) in self._used:
            pass
        self._used.add(text)
        return text
