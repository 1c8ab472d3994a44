"""The forms and links that a page holds, as a browser without scripts would use them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "search", "tel", "email", "url", "number", "password", "date", "time"}
TYPED |= {"datetime-local", "month", "textarea"}
NONSENSE: tuple[tuple[str, str | None], ...] = (
    ('"><script>{{ 7*7 }}</script> \u202e\U0001f697 %s %(n)s', None),
    ("99999999999999999999", "99999999999999999999"),
    ("字" * 5000, "'; --"),
    ("9999-12-31T23:59", None),
)
"""What is typed into every field, and what is chosen in every one to choose from."""


@dataclass
class PageForm:
    """One form that posts: its address, what it sends untouched, and which fields are typed."""

    action: str
    sends: list[tuple[str, str]] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def filled(self, typed: str, chosen: str | None = None) -> list[tuple[str, str]]:
        """The form with `typed` in every field for words, `chosen` in every one to choose from."""
        kept = [pair for pair in self.sends if chosen is None or pair[0] not in self.chosen]
        made = [(name, chosen) for name in self.chosen] if chosen is not None else []
        return [*kept, *made, *((name, typed) for name in self.typed)]


class PageForms(HTMLParser):
    """Reads a page: `forms` that post, and `links` within the club."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._open: PageForm | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        elif tag == "form":
            posts = given.get("method", "").lower() == "post"
            self._open = PageForm(given.get("action", "").partition("#")[0]) if posts else None
            if self._open is not None:
                self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(tag, given, self._open)
        elif self._open is not None and tag == "option" and self._select:
            self._option(given, self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def _field(self, tag: str, given: dict[str, str], form: PageForm) -> None:
        kind, name = given.get("type", "text" if tag == "input" else tag), given["name"]
        if kind in TYPED:
            form.typed.append(name)
        elif kind == "file":
            form.files.append(name)
        elif tag == "select":
            self._select = name
            form.chosen.append(name)
        elif kind in {"checkbox", "radio"}:
            form.chosen.append(name)
            if "checked" in given:
                form.sends.append((name, given.get("value", "on")))
        elif tag in {"input", "button"}:
            form.sends.append((name, given.get("value", "")))

    def _option(self, given: dict[str, str], form: PageForm) -> None:
        names = [name for name, _value in form.sends]
        if "selected" in given or self._select not in names:
            form.sends = [pair for pair in form.sends if pair[0] != self._select]
            form.sends.append((self._select, given.get("value", "")))


def read(page: str) -> PageForms:
    return PageForms(page)


def variants(form: PageForm) -> Iterator[list[tuple[str, str]]]:
    """What nobody in their senses would send."""
    for typed, chosen in NONSENSE:
        yield form.filled(typed, chosen)
