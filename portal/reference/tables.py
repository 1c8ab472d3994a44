"""The tables beside this file, read as they are."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """One table by its file name without ending ("tiers")."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@cache
def check_templates() -> tuple[dict[str, Any], ...]:
    """The lists of points for checks, in their order: groups with points, limits in the unit."""
    files = sorted((FOLDER / "checks").glob("*.toml"))
    return tuple(tomllib.loads(file.read_text("utf-8")) for file in files)


@cache
def event_kinds() -> tuple[dict[str, Any], ...]:
    """The kinds of events in their order. `starting` holds the fields of a new event of the kind:
    texts by field name, clock times as "HH:MM", `agenda`, `steps`, `checklist`, `questions` as
    lists, `slots` (from, until, minutes, pause, places), `capacity`, `gift_stock`, `days`."""
    files = sorted((FOLDER / "kinds").glob("*.toml"))
    return tuple(tomllib.loads(file.read_text("utf-8")) for file in files)
