"""Classes that pages wear are styled or read, and what is styled is worn."""

import re
from collections.abc import Iterator

from tests.house.sources import ROOMS, ROOT, modules, name, templates

HOLE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
WORD = re.compile(r"(?<![\w-])[a-zA-Z][\w-]*")
LETTERS = ("templates/letters/", "templates/layout/letter")
# What Bootstrap styles, and what only tells one page or part from others.
OTHERS = {"visually-hidden", "focus", "screen", "plate-head"}


def styled() -> dict[str, str]:
    """The classes that our styles name, each with a file that does."""
    found = {}
    for path in (ROOT / "static" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        rules = re.sub(r"{[^{}]*}", "{}", text)
        found |= dict.fromkeys(re.findall(r"\.([a-zA-Z][\w-]*)", rules), name(path))
    return found


def pages() -> Iterator[tuple[str, str]]:
    """(file, text) of every template of a page; a letter brings its own styles."""
    for path in templates():
        if path.suffix in {".html", ".js"} and not name(path).startswith(LETTERS):
            yield name(path), path.read_text()


def scripts() -> str:
    return "".join(path.read_text() for path in (ROOT / "static" / "js").rglob("*.js"))


def test_every_class_that_a_page_wears_means_something() -> None:
    """red when the last rule for a class goes and the pages keep wearing it"""
    known = set(styled()) | set(WORD.findall(scripts())) | OTHERS
    idle: dict[str, set[str]] = {}
    for file, text in pages():
        for worn in re.findall(r'class="([^"]*)"', HOLE.sub("\0", text)):
            idle.setdefault(file, set()).update(
                one for one in worn.split() if "\0" not in one and one not in known
            )
    assert {file: found for file, found in idle.items() if found} == {}


def test_every_class_that_is_styled_is_worn() -> None:
    """Whole, or begun and ended by what a hole says; red with a rule for what nobody wears"""
    text = scripts() + "".join(text for _file, text in pages())
    text += "".join(path.read_text() for path in modules(*ROOMS))
    whole = set(WORD.findall(text))
    begun = set(re.findall(r"""([a-zA-Z][\w-]*-)(?={{|"|'|\$)""", text))
    idle = {
        one: file
        for one, file in styled().items()
        if one not in whole and not any(one.startswith(start) for start in begun)
    }
    assert idle == {}
