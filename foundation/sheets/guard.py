"""The formula guard: no cell that we write is run by the spreadsheet that opens it (R61)."""

import re

_RUNS = "=+\\-@\t\r\n＝＋－＠"
_NEEDS = re.compile(rf"^'*[{_RUNS}]")
_HAS = re.compile(rf"^'+[{_RUNS}]")


def guarded(text: str) -> str:
    """The text with an apostrophe before whatever a spreadsheet would take for a formula."""
    return f"'{text}" if _NEEDS.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`; text that was never guarded stays as it is."""
    return text[1:] if _HAS.match(text) else text
