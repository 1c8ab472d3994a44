"""Words that staff write for a letter, in Markdown with named holes: `{name}`, never code (R45)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

_HOLE = re.compile(r"(\]\()?\{([^{}\s]{1,24})\}")
_SIGN = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class Link:
    """A place of ours that a hole leads to."""

    path: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Word:
    """A marked message, said in the reader's language."""

    message: str


Value = str | datetime | Span | Link | Word


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A letter in words of its own: the template that frames them, what fills their holes, and
    the button beneath, as a marked word."""

    template: str
    subject: str
    body: str
    holes: Mapping[str, Value]
    button: str
    button_path: str


def unknown_holes(text: str, known: Iterable[str]) -> list[str]:
    """Holes of the text that nothing fills, as they were typed; a bracket alone is one too."""
    names = set(known)
    found = [f"{{{hole[2]}}}" for hole in _HOLE.finditer(text) if hole[2] not in names]
    return found + re.findall(r"[{}]", _HOLE.sub("", text))


def filled_line(text: str, said: Mapping[str, str]) -> str:
    """Plain text with its holes filled; what stands in them is not read again."""
    return _HOLE.sub(lambda found: (found[1] or "") + said.get(found[2], found[0]), text)


def filled_markdown(text: str, said: Mapping[str, str], links: Iterable[str]) -> str:
    """Markdown with its holes filled: a value says only itself, whatever signs are in it."""
    addresses = set(links)

    def fill(found: re.Match[str]) -> str:
        inside, name = found[1] or "", found[2]
        if name not in said:
            return found[0]
        if name in addresses:
            return inside + (said[name] if inside else f"<{said[name]}>")
        return inside + _SIGN.sub(r"\\\1", said[name])

    return _HOLE.sub(fill, text)
