"""Every text exists in both languages (R66)."""

import re
from collections import defaultdict

import pytest
from babel.messages.catalog import Message

from foundation.catalogues import ROOMS
from portal.commands import i18n
from tests.house.sources import ROOT, name

HOLES = re.compile(r"%\((\w+)\)[sd]|%\((\w+)\)\.\d+f")
LETTERS = ROOT / "templates" / "letters"


def strings(message: Message) -> list[str]:
    found = message.string or ""
    return [found] if isinstance(found, str) else list(found)


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def holes(text: str) -> set[str]:
    return {first or second for first, second in HOLES.findall(text)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_marked_text_has_its_chinese(room: str) -> None:
    """Run `make i18n`, then write what is missing; red when one msgstr is emptied."""
    written = i18n.read(room)
    missing = []
    for message in i18n.merged(room, {}):
        found = written.get(ids(message)[0])
        if message.id and (found is None or not all(strings(found)) or found.fuzzy):
            missing.append(ids(message)[0])
    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_chinese_has_the_same_holes(room: str) -> None:
    """red when %(name)s is misspelt in a msgstr."""
    wrong = [
        ids(message)[0]
        for message in i18n.read(room)
        if message.id
        for string in strings(message)
        if string and holes(string) != holes(ids(message)[-1])
    ]
    assert wrong == []


def test_no_two_rooms_say_the_same_differently() -> None:
    """All rooms share one tongue at run time: the last one read would win."""
    said: dict[str, set[str]] = defaultdict(set)
    for room in ROOMS:
        for message in i18n.read(room):
            if message.id and all(strings(message)):
                said[ids(message)[0]].update(strings(message))
    assert {text: sorted(ways) for text, ways in said.items() if len(ways) > 1} == {}


def test_every_letter_has_a_subject_and_a_text() -> None:
    """An html alone would reach nobody who reads text messages."""
    found = {path for path in LETTERS.rglob("*") if path.is_file() and path.stem != "plain"}
    stems = {path.parent / path.name.split(".")[0] for path in found}
    missing = [
        name(stem) + ending
        for stem in sorted(stems)
        for ending in (".subject.txt", ".txt")
        if stem.with_name(stem.name + ending) not in found
    ]
    assert missing == []
