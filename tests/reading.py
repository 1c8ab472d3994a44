"""What a page says, read as a person would: texts by class, rows of tables."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Reader(HTMLParser):
    def __init__(self, wanted: str, among: str | None) -> None:
        super().__init__()
        self.wanted, self.among = wanted, among
        self.depth = self.inside = 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = (dict(attrs).get("class") or "").split()
        if self.inside:
            self.inside += tag not in VOID
        elif (self.among is None or tag == self.among) and (
            self.wanted in names or self.wanted == tag
        ):
            self.inside = 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag not in VOID:
            self.inside -= 1

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found[-1] += " " + data


def texts(html: str, wanted: str, among: str | None = None) -> list[str]:
    """The texts of all elements with this class or tag, in the order of the page."""
    reader = _Reader(wanted, among)
    reader.feed(html)
    return [" ".join(text.split()) for text in reader.found]
