"""The shape of files: short, captioned, well named, and free of what does not belong."""

import ast
import re

from tests.house.sources import OURS, ROOMS, modules, name, templates, texts, tree

WALL = 300
EMPTY_NAMES = {"utils", "util", "helpers", "services", "service", "common", "manager", "misc"}
INLINE = re.compile(r"""<[a-z][^>{]*\s(style|on[a-z]+)\s*=""")
# Written so that this file does not hold what it looks for.
STRANGE = re.compile(
    r"py" r"pi\.org|files\.python" r"hosted|--extra" r"-index-url|--find" r"-links "
    r"|npm" r"js\.(org|com)|cdn\.js" r"delivr|unp" r"kg\.com"
    r"|/opt/" r"(wheels|pypi)|/wo" r"rk/|/ro" r"ot/"
)  # fmt: skip


def test_no_file_is_longer_than_the_wall() -> None:
    """Split a file by topic long before it has 300 lines."""
    code = [path for path in texts() if path.suffix in {".py", ".html", ".css", ".js"}]
    long = {name(path): len(path.read_text().splitlines()) for path in code}
    migrations = {path for path in long if path.startswith("migrations/")}
    assert {p: lines for p, lines in long.items() if lines > WALL and p not in migrations} == {}


def test_each_module_has_a_caption() -> None:
    found = [
        name(path)
        for path in modules(*OURS)
        if path.read_text().strip() and not ast.get_docstring(tree(path))
    ]
    assert [path for path in found if not path.startswith("migrations/")] == []


def test_what_others_call_says_what_comes_of_it() -> None:
    """Pages say it by their address; red when a public function of a rule loses its docstring."""
    silent = [
        f"{name(path)}: {node.name}"
        for path in modules(*ROOMS)
        if not {"demo", "commands"} & set(path.parts)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
        and not (node.name.startswith("_") or node.decorator_list or ast.get_docstring(node))
    ]
    assert silent == []


def test_no_file_has_an_empty_name() -> None:
    assert [name(path) for path in modules(*ROOMS) if path.stem in EMPTY_NAMES] == []


def test_templates_hold_no_inline_styles_or_handlers() -> None:
    """The policy of our pages forbids both; letters may have styles, made when they are sent."""
    found = [
        f"{name(path)}: {match.group(0)}"
        for path in templates()
        if path.suffix == ".html" and "letter" not in name(path)
        for match in INLINE.finditer(path.read_text())
    ]
    assert found == []


def test_nothing_names_a_registry_or_a_machine() -> None:
    found = [
        f"{name(path)}: {match.group(0)}"
        for path in texts()
        for match in STRANGE.finditer(path.read_text())
    ]
    assert found == []
