"""What a cell means: a day, an amount, a whole number, a code, a text (R47)."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from foundation.amounts import fen_of, parse_fen
from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

Cell = str | Decimal | date | datetime
"""A cell as a reader gives it: CSV only text, a workbook also numbers, days and moments."""

_SHOWN = 40
_SERIAL_EPOCH = date(1899, 12, 30)
_YEARS = range(1900, 2200)
_MOST_DIGITS = 15
_CLOCK = (
    r"(?:[T ] ?(?:上午|下午)?[0-9]{1,2}[:时][0-9]{1,2}"
    r"(?:[:分](?:[0-9]{1,2}(?:\.[0-9]+)?秒?)?)?(?: ?[AP]M)?)"
)
_DAY = re.compile(
    r"^([0-9]{4}) ?(?:([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})"
    rf"|年 ?([0-9]{{1,2}}) ?月 ?([0-9]{{1,2}}) ?日){_CLOCK}?$",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"^([1-9][0-9]{4})(?:\.[0-9]+)?$")
_COMPACT_DAY = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})$")
_SCIENTIFIC = re.compile(r"^[+-]?[0-9](?:\.[0-9]+[eE][+-]?|[eE][+-])[0-9]{1,3}$")
_WHOLE = re.compile(
    r"^(-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3}))(?:\.0+)? ?(?:km|公里|千米)?$", re.IGNORECASE
)


class NotADay(Refusal):
    """The cell holds no day that we can read without guessing."""


class NotAWholeNumber(Refusal):
    """The cell holds no whole number."""


class ScientificNotation(Refusal):
    """Excel shortened a long number and the lost digits are nowhere in the file."""


class LostDigits(Refusal):
    """A number of more than 15 digits: Excel made the last ones zero."""


def is_empty(cell: Cell) -> bool:
    """Whether nobody wrote anything there; a zero is something."""
    return isinstance(cell, str) and not cell.strip()


def read_text(cell: Cell) -> str:
    """The cell as a person would read it; whole numbers without `.0`, ends trimmed."""
    if isinstance(cell, Decimal):
        return _plain(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.strip() if isinstance(cell, str) else cell.isoformat()


def read_code(cell: Cell) -> str:
    """An order number, VIN, plate or phone: leading zeros stay, shortened numbers are refused."""
    text = half_width(cell) if isinstance(cell, str) else read_text(cell)
    if _SCIENTIFIC.match(text):
        raise ScientificNotation(
            N_("“%(text)s” was shortened by the spreadsheet. Please format the column as text."),
            text=text[:_SHOWN],
        )
    if isinstance(cell, Decimal) and abs(cell) >= 10**_MOST_DIGITS:
        raise LostDigits(
            N_("“%(text)s” lost its last digits. Please format the column as text."),
            text=text[:_SHOWN],
        )
    return text


def read_day(cell: Cell) -> date:
    """The day of `2024-02-03`, `2024/2/3`, `2024年2月3日`, `20240203`, a date cell or a serial.

    A time after it is read over; an order of day and month that one must guess is refused.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = " ".join(half_width(_plain(cell) if isinstance(cell, Decimal) else cell).split())
    day = _written_day(text) or _serial_day(text)
    if day is None or day.year not in _YEARS:
        raise NotADay(
            N_("“%(text)s” is not a day. Please write it as 2024-02-03."), text=text[:_SHOWN]
        )
    return day


def _written_day(text: str) -> date | None:
    found = _DAY.match(text) or _COMPACT_DAY.match(text)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part and part.isdigit()]
    try:
        return date(*parts)
    except ValueError:
        return None


def _serial_day(text: str) -> date | None:
    """Days since 1899-12-30, the fraction being the time of day; only serials of our times."""
    found = _SERIAL.match(text)
    return _SERIAL_EPOCH + timedelta(days=int(found[1])) if found else None


def read_fen(cell: Cell) -> int:
    """Exact fen of an amount in yuan, typed or calculated."""
    return fen_of(cell) if isinstance(cell, Decimal) else parse_fen(read_text(cell))


def read_whole(cell: Cell) -> int:
    """A whole number such as a mileage: `12,345`, `12345 km`, `12345公里`, 12345.0."""
    text = half_width(read_text(cell))
    found = _WHOLE.match(text)
    if found is None:
        raise NotAWholeNumber(N_("“%(text)s” is not a whole number."), text=text[:_SHOWN])
    return int(found[1].replace(",", ""))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
