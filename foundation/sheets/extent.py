"""How far a worksheet's cells reach, measured before any reader makes room for them.

Readers hold a sheet as a full rectangle, so two cells in opposite corners of a file of one
kilobyte ask for half a terabyte. Expat streams through the part and counts instead.
"""

from functools import lru_cache
from xml.parsers.expat import ParserCreate

from foundation.sheets.refusals import BrokenWorkbook, FileTooLarge, NotASheet
from foundation.words import N_

MAX_RECTANGLE = 6_000_000
_MAX_DIGITS = 7


def check_extent(xml: bytes, filename: str) -> None:
    """Refuses a part with a document type, or whose cells span too large a rectangle."""
    corner = _Corner(filename)
    parser = ParserCreate()
    parser.StartElementHandler = corner.start
    parser.StartDoctypeDeclHandler = corner.doctype
    parser.Parse(xml, True)
    if corner.lowest * corner.rightmost > MAX_RECTANGLE:
        raise FileTooLarge(
            N_("The cells of “%(name)s” reach too far. Please clear what is outside the table."),
            name=filename,
        )


class _Corner:
    """The lowest row and the rightmost column seen, cells without an address counted on.

    It is called for every element of a sheet, hence the short ways: most tags are neither row
    nor cell, most cells name the row that they stand in, and columns repeat.
    """

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.row = self.column = self.lowest = self.rightmost = 0
        self.row_digits = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c" or tag.endswith(":c"):
            self._cell(attributes.get("r", ""))
        elif tag == "row" or tag.endswith(":row"):
            self.column = 0
            self._move_to(attributes.get("r") or str(self.row + 1))

    def doctype(self, *_: object) -> None:
        raise NotASheet(N_("“%(name)s” is neither a CSV file nor a workbook."), name=self.filename)

    def _cell(self, address: str) -> None:
        letters = address.rstrip("0123456789")
        self.column = _column(letters) if letters else self.column + 1
        if self.column > self.rightmost:
            self.rightmost = self.column
        digits = address[len(letters) :]
        if digits and digits != self.row_digits:
            self._move_to(digits)

    def _move_to(self, digits: str) -> None:
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
            raise BrokenWorkbook(
                N_("“%(name)s” is damaged and cannot be opened."), name=self.filename
            )
        self.row_digits = digits
        self.row = int(digits)
        self.lowest = max(self.lowest, self.row)


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """`A` is 1, `AA` is 27; whatever is no letter only makes the number larger."""
    number = 0
    for letter in letters[:5].upper():
        number = number * 26 + max(ord(letter) - 64, 1)
    return number
