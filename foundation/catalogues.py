"""The message catalogues: one .po per room, compiled when the .mo beside it is older."""

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "translations"
LOCALE = "zh_Hans_CN"
ROOMS = ("foundation", "members", "club", "events", "outreach", "portal")


def po_path(room: str) -> Path:
    """Where the Chinese of a room is written."""
    return FOLDER / LOCALE / "LC_MESSAGES" / f"{room}.po"


def compile_stale() -> None:
    """Compile each catalogue that changed since it was compiled; several processes may at once."""
    for room in ROOMS:
        source = po_path(room)
        if source.exists() and _is_stale(source.with_suffix(".mo"), source):
            _compile(source)


def _is_stale(compiled: Path, source: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, locale=LOCALE)
    content = BytesIO()
    write_mo(content, catalogue)
    draft = source.with_suffix(f".mo.{os.getpid()}")
    draft.write_bytes(content.getvalue())
    draft.replace(source.with_suffix(".mo"))
