"""Vehicle identification numbers, ISO 3779 / GB 16735 (R48)."""

import re
from dataclasses import dataclass

from vininfo import Vin as VinFacts

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

LENGTH = 17
_SIGNS = re.compile(r"^[A-HJ-NPR-Z0-9]{17}$")
_NEVER = re.compile(r"[IOQ]")
_BETWEEN = re.compile(r"[\s\-·]+")
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE = 8


class NotAVin(Refusal):
    """The text cannot be a VIN."""


@dataclass(frozen=True, slots=True)
class Vin:
    """A VIN as it is stored. A wrong check digit only warns: not every country demands one."""

    text: str
    check_digit_ok: bool

    @property
    def maker(self) -> str:
        """The maker that the first three signs name, empty where nobody registered them."""
        maker = VinFacts(self.text).manufacturer
        return "" if maker in {None, "UnsupportedBrand"} else str(maker)


def normalise_vin(text: str) -> Vin:
    """The VIN in upper case without spaces, and whether its check digit agrees."""
    plain = _BETWEEN.sub("", half_width(text)).upper()
    if len(plain) != LENGTH:
        raise NotAVin(
            N_("A VIN has 17 characters; “%(vin)s” has %(count)s."),
            vin=plain[:40],
            count=len(plain),
        )
    if _NEVER.search(plain):
        raise NotAVin(N_("A VIN has no letter I, O or Q; “%(vin)s” has one."), vin=plain)
    if not _SIGNS.match(plain):
        raise NotAVin(N_("A VIN has only letters and digits; “%(vin)s” has more."), vin=plain)
    return Vin(plain, check_digit_ok=plain[_CHECK_PLACE] == _check_digit(plain))


def _check_digit(vin: str) -> str:
    total = sum(
        int(_VALUES.get(sign, sign)) * weight for sign, weight in zip(vin, _WEIGHTS, strict=True)
    )
    return "0123456789X"[total % 11]
