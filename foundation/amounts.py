"""Amounts of money as people and spreadsheets write them, read exactly to the fen."""

import re
from decimal import Decimal

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

MOST_FEN = 10**13
_SIGN = re.compile(r"^(?:\((?P<inner>.+)\)|(?P<minus>-)?(?P<plain>.+))$")
_MARKS = re.compile(r"^(?:¥|CNY|RMB)\s*|\s*元$", re.IGNORECASE)
_AMOUNT = re.compile(r"^(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,2})?$")
_TOO_FINE = re.compile(r"^[0-9,]+\.[0-9]{3,}$")


class NotAnAmount(Refusal):
    """What was written is not an amount of money."""


class FinerThanFen(Refusal):
    """The amount has more than two decimals, so it is not a whole number of fen."""


class AmountTooLarge(Refusal):
    """No club ever sees such an amount: a slip of the keyboard."""


def parse_fen(text: str) -> int:
    """Exact fen of an amount as people write it: `¥1,234.50`, `(123.40)`, `－１２`, `300元`."""
    written = half_width(text)
    sign = _SIGN.match(written)
    negative = bool(sign and (sign["inner"] or sign["minus"]))
    amount = _MARKS.sub("", (sign["inner"] or sign["plain"]).strip()) if sign else ""
    if amount.startswith("-") and not negative:
        negative, amount = True, amount[1:].strip()
    if _TOO_FINE.match(amount):
        raise FinerThanFen(N_("“%(text)s” has more than two decimals."), text=written[:40])
    if not _AMOUNT.match(amount):
        raise NotAnAmount(N_("“%(text)s” is not an amount of money."), text=written[:40])
    fen = fen_of(Decimal(amount.replace(",", "")))
    return -fen if negative else fen


def fen_of(amount: Decimal) -> int:
    """Exact fen of an amount in yuan; refused where it is not a whole number of fen."""
    if abs(amount) > MOST_FEN // 100:
        raise AmountTooLarge(N_("%(text)s is too large for an amount."), text=f"{amount:.3g}")
    fen = amount * 100
    if fen != fen.to_integral_value():
        raise FinerThanFen(N_("“%(text)s” has more than two decimals."), text=f"{amount:f}"[:40])
    return int(fen)
