"""Number plates of mainland China as GA 36-2018 and its predecessors issue them (R48)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from foundation.half_width import half_width
from foundation.refusals import Refusal
from foundation.words import N_

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SERIAL = "[A-HJ-NP-Z0-9]"
_OFFICE = "[A-HJ-NP-Z]"


class PlateKind(StrEnum):
    """The colour of a plate, as far as its text tells. Yellow lorries read like blue cars."""

    BLUE = "blue"
    GREEN = "green"
    YELLOW = "yellow"
    BLACK = "black"
    WHITE = "white"


_SHAPES: tuple[tuple[PlateKind, str], ...] = (
    # new energy: the energy letter stands first on small cars, last on large ones
    (PlateKind.GREEN, rf"[{PROVINCES}]{_OFFICE}(?:[A-HJK]{_SERIAL}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"),
    (PlateKind.BLUE, rf"[{PROVINCES}]{_OFFICE}{_SERIAL}{{5}}"),
    # O was the letter of the public security offices until it was withdrawn
    (PlateKind.WHITE, rf"[{PROVINCES}]O{_SERIAL}{{5}}"),
    (PlateKind.WHITE, rf"[{PROVINCES}][A-HJ-PR-Z]{_SERIAL}{{4}}警"),
    (PlateKind.WHITE, rf"[{PROVINCES}]X{_SERIAL}[0-9]{{3}}应急"),
    (PlateKind.WHITE, rf"WJ[{PROVINCES}]?[0-9]{{4}}[0-9A-HJ-NP-Z]"),
    (PlateKind.YELLOW, rf"[{PROVINCES}]{_OFFICE}{_SERIAL}{{4}}[学挂]"),
    (PlateKind.BLACK, rf"[{PROVINCES}]{_OFFICE}{_SERIAL}{{4}}[港澳领使]"),
    (PlateKind.BLACK, r"使[0-9]{6}|[0-9]{6}使"),
    (PlateKind.WHITE, rf"[{PROVINCES}]{_OFFICE}{_SERIAL}{{4}}[试超]"),
    (PlateKind.WHITE, rf"[{PROVINCES}]{_OFFICE}(?:{_SERIAL}{{4}}临|临{_SERIAL}{{4,5}})"),
)
_KINDS = tuple((kind, re.compile(f"^(?:{shape})$")) for kind, shape in _SHAPES)
_BETWEEN = re.compile(r"[\s·•・‧∙⋅.\-_]+")
_CONFUSED = re.compile(rf"^[{PROVINCES}][A-Z0-9]*[IO][A-Z0-9]*.?$")


class NotAPlate(Refusal):
    """The text is no plate of any kind that is in use."""


class LetterNotOnPlates(NotAPlate):
    """The plate holds I or O, which are never issued beside 1 and 0."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as it is stored, unique in this writing: `浙A12345`."""

    text: str
    kind: PlateKind

    @property
    def display(self) -> str:
        """As on the car, with the dot after the issuing office: `浙A·12345`."""
        if self.text.startswith("使"):
            return f"{self.text[:4]}·{self.text[4:]}"
        if self.text.endswith("使") and self.text[0].isdigit():
            return f"{self.text[:3]}·{self.text[3:]}"
        head = 3 if self.text.startswith("WJ") and not self.text[2].isdigit() else 2
        return f"{self.text[:head]}·{self.text[head:]}"


def normalise_plate(text: str) -> Plate:
    """The plate in its one stored writing: upper case, no spaces, dots or hyphens."""
    plain = _BETWEEN.sub("", half_width(text)).upper()
    for kind, shape in _KINDS:
        if shape.match(plain):
            return Plate(plain, kind)
    if _CONFUSED.match(plain):
        raise LetterNotOnPlates(
            N_("A plate has no letter I or O: please look whether “%(plate)s” has a 1 or a 0."),
            plate=plain,
        )
    raise NotAPlate(
        N_("“%(plate)s” is not a number plate. Please write it like 浙A·12345 or 浙A·D12345."),
        plate=plain[:20],
    )
