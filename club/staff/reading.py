"""What was typed at the desk: amounts, numbers, days, and lists of words."""

import re
from datetime import date

from flask import current_app

from foundation import clock
from foundation.amounts import parse_fen
from foundation.clock import shop_day
from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.web.incoming import typed
from foundation.words import N_

_WHOLE = re.compile(r"^(?:[0-9]{1,9}|[0-9]{1,3}(?:[, ][0-9]{3}){1,2})$")
_GROUPED = re.compile(r"[, ]")
_BETWEEN = re.compile(r"[,，、;；\n]+")


class NotANumber(Refusal):
    """A whole number is wanted."""


class NotADay(Refusal):
    """A day is wanted."""


def amount(name: str) -> int | None:
    """Fen of an amount in yuan, None where nothing was typed."""
    text = typed(name, 40)
    return parse_fen(text) if text else None


def number(name: str) -> int | None:
    """A whole number, also as pages print it (1,760), None where nothing was typed."""
    text = typed(name, 20)
    if not text:
        return None
    plain = half_width(text)
    if not _WHOLE.match(plain):
        raise NotANumber(N_("Please write digits only, not “%(text)s”."), text=text)
    return int(_GROUPED.sub("", plain))


def day(name: str) -> date | None:
    """A day, None where nothing was typed."""
    text = typed(name, 20)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise NotADay(N_("“%(text)s” is not a day."), text=text) from wrong


def words(name: str) -> list[str]:
    """Words between commas or on lines of their own."""
    return [" ".join(one.split()) for one in _BETWEEN.split(typed(name, 2000)) if one.strip()]


def today() -> date:
    """The shop's day."""
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)
