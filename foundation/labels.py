"""Enumerations whose members carry a label for people."""

import enum
from typing import Self


class Labelled(enum.StrEnum):
    """A word for the database and a marked label: `SILVER = "silver", N_("Silver")`."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
