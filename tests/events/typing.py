"""A form as a browser without scripts would send it: read from the page, changed, sent back."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict

Fields = MultiDict[str, str]


class FormReader(HTMLParser):
    """Collects what one form of a page holds, by the form's id."""

    def __init__(self, ident: str) -> None:
        super().__init__()
        self.ident, self.inside = ident, False
        self.fields: Fields = MultiDict()
        self._area: str | None = None
        self._words = ""
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.inside = given.get("id") == self.ident
        elif not self.inside:
            return
        elif tag == "textarea":
            self._area, self._words = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields.add(self._select, given.get("value") or "")
        elif tag == "input" and name and self._is_sent(given):
            self.fields.add(name, given.get("value") or "")

    @staticmethod
    def _is_sent(given: dict[str, str | None]) -> bool:
        return given.get("type") not in ("checkbox", "radio") or "checked" in given

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea" and self._area:
            self.fields.add(self._area, self._words.removeprefix("\n").removeprefix("\r\n"))
            self._area = None
        elif tag == "select":
            self._select = None


def fields_of(html: str, ident: str = "plan") -> Fields:
    """What the form would send as it stands on the page."""
    reader = FormReader(ident)
    reader.feed(html)
    return reader.fields


def typed(fields: Fields, **changes: str) -> Fields:
    """The fields with some typed over."""
    for name, value in changes.items():
        fields.setlist(name, [value])
    return fields


def type_rows(fields: Fields, name: str, rows: list[dict[str, str]]) -> Fields:
    """The fields with other rows in a list."""
    for key in [key for key in fields if key.startswith(f"{name}-")]:
        fields.poplist(key)
    for place, row in enumerate(rows):
        for cell, value in row.items():
            fields.add(f"{name}-{place}-{cell}", value)
    return fields
