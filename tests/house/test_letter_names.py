"""Each letter that the club writes is called by its name on the desk's list."""

from outreach.staff.letter_words import NAMES
from tests.house.sources import ROOT

LETTERS = ROOT / "templates" / "letters"
FRAMES = {"events/own"}


def test_every_letter_has_a_name_on_the_desk() -> None:
    """Red when a letter is written that the list of letters calls no more than a letter."""
    texts = {
        path.relative_to(LETTERS).as_posix().removesuffix(".txt")
        for path in LETTERS.rglob("*.txt")
        if path.name.count(".") == 1
    }
    assert len(texts) > 15
    assert texts - FRAMES - set(NAMES) == set()
