"""The files that the rules of the house are about."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("portal", "outreach", "events", "club", "members", "foundation")
OURS = (*ROOMS, "tests", "benchmarks", "bin", "docs", "static", "templates", "migrations")
PAGES = ("views", "staff", "commands")


def modules(*folders: str) -> list[Path]:
    """Every Python file below the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def texts() -> Iterator[Path]:
    """Every text file that we write, also at the top; what machines write is left out."""
    suffixes = {".py", ".html", ".txt", ".css", ".js", ".md", ".toml", ".po", ".svg", ".in", ""}
    for path in ROOT.iterdir():
        if path.is_file() and path.name != ".git" and path.suffix in suffixes:
            yield path
    for folder in (*OURS, "translations", ".ci"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def imported(path: Path) -> set[str]:
    """The modules that a file imports, whole names."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def is_page(path: Path) -> bool:
    """Whether a file is on the side of pages and commands, where Flask is at home."""
    parts = path.relative_to(ROOT).parts
    if parts[:2] == ("foundation", "web") or set(parts) & set(PAGES):
        return True
    return (
        path.stem == "blueprint"
        or path.stem.startswith("forms")
        or path.stem.endswith("form")
        or "forms" in parts
    )
