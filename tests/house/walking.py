"""Walking over the route map as one visitor or another."""

import re
from collections.abc import Callable, Iterator

from flask import Flask
from werkzeug.routing import Rule

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HOLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def doors(app: Flask) -> list[tuple[str, Rule]]:
    """(method, route) of every page of the club."""
    return [
        (method, rule)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        for method in METHODS
        if method in (rule.methods or ())
    ]


def holes(rule: Rule) -> Iterator[tuple[str, str]]:
    """(converter, name) of what is to be filled in."""
    yield from HOLE.findall(rule.rule)


def address(rule: Rule, fill: Callable[[str, str], object] = lambda *_hole: 1) -> str:
    """The route's address with every hole filled: by default with 1."""
    return HOLE.sub(lambda hole: str(fill(hole[1] or "string", hole[2])), rule.rule)
