"""A database of its own for one measurement."""

from collections.abc import Iterator
from pathlib import Path

from tests import postgresql


def server(name: str, folder: Path) -> Iterator[str]:
    """The address of an empty "sqlite" or "postgresql" database, gone afterwards."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/club.sqlite"
        return
    folder.chmod(0o755)
    home = folder / "postgresql"
    home.mkdir()
    url = postgresql.start(home)
    try:
        yield url
    finally:
        postgresql.stop(home)
