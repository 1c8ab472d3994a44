"""Marking texts that are translated later, where Flask is not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InBoth:
    """A staff text as a value of a marked message: said in the reader's language."""

    zh: str
    en: str | None

    @classmethod
    def of(cls, thing: object, field: str) -> "InBoth":
        """The field of a thing that has `<field>_zh` and `<field>_en`."""
        return cls(getattr(thing, f"{field}_zh"), getattr(thing, f"{field}_en"))

    def __str__(self) -> str:
        return self.zh


def N_(text: str) -> str:  # noqa: N802 - the customary name of a gettext marker
    """The text itself, marked for the message catalogues."""
    return text
