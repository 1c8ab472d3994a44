"""Bring the catalogues up to date with the marked texts: python -m portal.commands.i18n."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from foundation.catalogues import LOCALE, ROOMS, po_path

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
UNCHANGING = datetime(2026, 1, 1, tzinfo=UTC)  # a date of today would be a change by itself
HEADER = "# Marque: the words of the room {room}/ in Chinese."


def main() -> None:
    """Rewrite every catalogue; say what still waits for its Chinese."""
    known = _known()
    waiting = 0
    for room in ROOMS:
        catalogue = merged(room, known)
        waiting += sum(not _translated(message) for message in catalogue if message.id)
        with po_path(room).open("wb") as file:
            write_po(
                file,
                catalogue,
                width=100,
                sort_output=True,
                include_lineno=False,
                omit_header=False,
            )
    print(f"{waiting} texts wait for their Chinese." if waiting else "Every text has its Chinese.")


def merged(room: str, known: dict[str, Message] | None = None) -> Catalog:
    """What the room says now, with the Chinese that its catalogue, or another, has for it."""
    own = read(room)
    known = _known() if known is None else known
    catalogue = _empty(room)
    for name, text in marked(room):
        catalogue.add(text, locations=[(name, 0)])
    for message in catalogue:
        found = own.get(_key(message)) or known.get(_key(message))
        if message.id and found:
            message.string = found.string
            message.user_comments = list(found.user_comments)
    return catalogue


def read(room: str) -> Catalog:
    """The room's catalogue as it is written."""
    if not po_path(room).exists():
        return _empty(room)
    with po_path(room).open("rb") as file:
        return read_po(file, locale=LOCALE, domain=room)


def marked(room: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """(file, text) of every marked text of a room; two texts where it counts something."""
    for path in sorted(files(room)):
        method, options = ("python", {}) if path.suffix == ".py" else ("jinja2", JINJA)
        name = path.relative_to(ROOT).as_posix()
        for _line, text, _comments, _context in extract_from_file(
            method, path, keywords=KEYWORDS, options=options
        ):
            yield name, text


def files(room: str) -> Iterator[Path]:
    """The modules and templates whose words belong to a room."""
    yield from (ROOT / room).rglob("*.py")
    for path in TEMPLATES.rglob("*"):
        if path.is_file() and room_of(path.relative_to(TEMPLATES).parts) == room:
            yield path


def room_of(parts: tuple[str, ...]) -> str:
    """The room of a template: templates/<room>/…, templates/letters/<room>/…, or of all letters."""
    if parts[0] == "letters":
        return parts[1] if parts[1] in ROOMS else "outreach"
    return parts[0] if parts[0] in ROOMS else "foundation"


def _known() -> dict[str, Message]:
    """Every translated text of all rooms, so that moving a text does not lose its Chinese."""
    return {
        _key(message): message
        for room in ROOMS
        for message in read(room)
        if message.id and _translated(message)
    }


def _empty(room: str) -> Catalog:
    return Catalog(
        locale=LOCALE,
        domain=room,
        project="Marque",
        version="0.1.0",
        header_comment=HEADER.format(room=room),
        last_translator="Marque",
        language_team="Marque",
        msgid_bugs_address="club@marque.example",
        creation_date=UNCHANGING,
        revision_date=UNCHANGING,
        fuzzy=False,
    )


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _translated(message: Message) -> bool:
    string = message.string or ""
    return all([string] if isinstance(string, str) else string)


if __name__ == "__main__":
    main()
