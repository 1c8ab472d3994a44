"""Who may import whom, and who may commit."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOMS, ROOT, imported, is_page, modules, name, tree

WEB = {"flask", "flask_login", "flask_wtf", "flask_babel", "flask_limiter", "wtforms"}
# A job commits once per step; delivery keeps its claim before it speaks to the mail server.
STEPS = {"jobs", "timetable", "delivery"}


def test_rooms_import_downwards_only() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_room_imports_the_application() -> None:
    assert [name(path) for path in modules(*ROOMS) if "app" in imported(path)] == []


def test_rules_know_no_web() -> None:
    """Flask and forms stay in pages, commands, forms, blueprints and foundation/web."""
    found = {
        name(path): sorted({whole.split(".")[0] for whole in imported(path)} & WEB)
        for path in modules(*ROOMS)
        if not is_page(path)
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_rules_do_not_commit() -> None:
    """One commit, in the page, the command or the job's step."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules(*ROOMS)
        if not is_page(path) and path.stem not in STEPS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert found == []


def test_pages_that_are_read_write_through_one_decorator() -> None:
    """A POST is bound as a writer before it begins and a GET says `commits_once`: red when a view
    calls `write()` by itself."""
    pages = [path for path in modules(*ROOMS) if {"views", "staff"} & set(path.parts)]
    own = [name(path) for path in pages if "write" in _called(path)]
    assert len(pages) > 50
    assert own == []


def _called(path: Path) -> set[str]:
    calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in calls}


def test_imports_stand_at_the_top() -> None:
    found = [
        f"{name(path)}:{inner.lineno}"
        for path in [*modules(*ROOMS, "tests", "benchmarks"), ROOT / "app.py"]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []
