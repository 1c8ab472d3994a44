"""Measured values as people type them: hundredths of a unit."""

from decimal import Decimal, InvalidOperation

from foundation.refusals import Refusal
from foundation.words import N_

HUNDRED = 100
MOST = 1_000_000
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


class ValueUnclear(Refusal):
    """A value that nobody measures."""


def hundredths(text: str) -> int | None:
    """A typed number as hundredths; None for nothing. A comma counts as a point."""
    plain_text = text.strip().translate(_FULL_WIDTH).replace(",", ".").replace("−", "-")
    if not plain_text:
        return None
    try:
        number = Decimal(plain_text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > MOST:
        raise ValueUnclear(N_("“%(text)s” is not a number such as 4.5."), text=text.strip()[:20])
    return int((number * HUNDRED).to_integral_value())
