"""Finds which column holds which field, by the names that people give to columns."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

_BRACKETED = re.compile(r"\([^)]*\)|\[[^]]*]|【[^】]*】")


class NoSuchColumn(Refusal):
    """A column was named that the file does not have."""


class NoSuchField(Refusal):
    """A field was named that this import does not know."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Field to header; headers that nobody asked for; fields that no header names."""

    mapping: dict[str, str]
    ignored: list[str]
    missing: list[str]


def match_headers(
    headers: Sequence[str],
    known: Mapping[str, Collection[str]],
    override: Mapping[str, str] | None = None,
) -> Matched:
    """Known names in any case, spacing and width find their column; an override comes first.

    Of two headers for one field the first in the file counts and the other is among the ignored.
    """
    mapping = _overridden(headers, known, override or {})
    by_name = {_key(name): field for field, names in known.items() for name in (field, *names)}
    for header in headers:
        field = by_name.get(_key(header)) or by_name.get(
            _key(_BRACKETED.sub("", half_width(header)))
        )
        if field and field not in mapping and header not in mapping.values():
            mapping[field] = header
    used = set(mapping.values())
    return Matched(
        mapping={field: mapping[field] for field in known if field in mapping},
        ignored=[header for header in headers if header not in used],
        missing=[field for field in known if field not in mapping],
    )


def _overridden(
    headers: Sequence[str], known: Mapping[str, Collection[str]], override: Mapping[str, str]
) -> dict[str, str]:
    by_key = {_key(header): header for header in headers}
    chosen = {}
    for field, wanted in override.items():
        if field not in known:
            raise NoSuchField(N_("There is no field named “%(field)s”."), field=field)
        header = wanted if wanted in headers else by_key.get(_key(wanted))
        if header is None:
            raise NoSuchColumn(N_("The file has no column named “%(header)s”."), header=wanted)
        chosen[field] = header
    return chosen


def _key(name: str) -> str:
    """Letters and digits only, lower case: `Order_No.` and `ＯＲＤＥＲ ＮＯ` are one."""
    return "".join(sign for sign in half_width(name).casefold() if sign.isalnum())
