"""What comes in: numbers that a table can hold, and no character that it cannot."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**63 - 1
NUL = "\0"
FILE_FIELDS = {"file", "photo"}  # the only fields of the club that take a file


def whole(text: str) -> int:
    """A number of an address or a form, for `type=`; ValueError where no row can have it."""
    number = int(text)
    if abs(number) > LARGEST:
        raise ValueError(f"larger than any id: {text[:40]}")
    return number


class RowNumber(IntegerConverter):
    """`<int:…>` in a route: a number that is larger than any id leads nowhere."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def init_incoming(app: Flask) -> None:
    """Before any room's routes are known."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)
    app.before_request(_refuse_stray_files)


def _refuse_nul() -> None:
    """PostgreSQL keeps no text with a NUL in it, and nobody can type one."""
    pairs = [*request.args.items(multi=True)]
    if request.method == "POST" and request.endpoint is not None:
        pairs += request.form.items(multi=True)
        pairs += [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if NUL in request.path or any(NUL in name or NUL in text for name, text in pairs):
        abort(400)


def _refuse_stray_files() -> None:
    """A form would take a file under the name of a text for that text."""
    reads_files = request.method == "POST" and request.endpoint is not None
    if reads_files and not FILE_FIELDS.issuperset(request.files):
        abort(400)


def typed(name: str, most: int = 200) -> str:
    """A plain field of the form that was sent, trimmed, never longer than anybody means."""
    return request.form.get(name, "").strip()[:most]
