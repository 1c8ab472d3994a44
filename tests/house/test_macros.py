"""Templates stand on their own: each takes the macros it uses, and none that nobody uses."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from tests.house.sources import name, templates

SYNTAX = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


@cache
def parsed(path: Path) -> nodes.Template:
    return SYNTAX.parse(path.read_text())


def taken(path: Path) -> Iterator[tuple[str, str]]:
    """(macro, the name it goes by here) of what a template imports."""
    for node in parsed(path).find_all(nodes.FromImport):
        yield from ((one, one) if isinstance(one, str) else one for one in node.names)


def read(path: Path) -> set[str]:
    """The names that a template reads."""
    return {node.name for node in parsed(path).find_all(nodes.Name) if node.ctx == "load"}


def written(path: Path) -> set[str]:
    """The macros that a template defines."""
    return {macro.name for macro in parsed(path).find_all(nodes.Macro)}


def test_a_template_takes_no_macro_that_it_does_not_use() -> None:
    """red when a template imports one more"""
    idle = {name(path): {here for _there, here in taken(path)} - read(path) for path in templates()}
    assert {path: found for path, found in idle.items() if found} == {}


def test_a_part_takes_its_macros_itself() -> None:
    """Who includes it need not know them; red when a part leaves its imports to a page."""
    macros = {macro for path in templates() if "macros" in path.parts for macro in written(path)}
    lacking = {}
    for path in templates():
        called = {
            call.node.name
            for call in parsed(path).find_all(nodes.Call)
            if isinstance(call.node, nodes.Name)
        }
        given = {here for _there, here in taken(path)} | written(path)
        lacking[name(path)] = called & macros - given
    assert {path: found for path, found in lacking.items() if found} == {}


def test_every_macro_is_used() -> None:
    """red when the last page that calls a macro goes and the macro stays"""
    used: set[str] = set()
    for path in templates():
        used |= read(path) | {there for there, _here in taken(path)}
    idle = {name(path): written(path) - used for path in templates()}
    assert {path: found for path, found in idle.items() if found} == {}
