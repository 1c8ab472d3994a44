"""Lists that leave the house as a file, and pictures that one reader may see."""

from flask import Response, make_response

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DOCUMENTS = {"pdf": "application/pdf", "jpg": "image/jpeg", "zip": "application/zip"}


def list_file(content: bytes, name: str, form: str) -> Response:
    """A download "<name>.<form>" that no cache keeps; `form` is one of TYPES."""
    answer = make_response(content)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def jpeg_answer(jpeg: bytes) -> Response:
    """A picture, for nobody's cache but the reader's."""
    answer = make_response(jpeg)
    answer.headers["Content-Type"] = "image/jpeg"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def attachment(content: bytes, kind: str, name: str) -> Response:
    """A document to be saved, never shown in our own pages' place; `kind` is one of DOCUMENTS."""
    answer = make_response(content)
    answer.headers["Content-Type"] = DOCUMENTS[kind]
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
