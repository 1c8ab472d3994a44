"""Marks that a device made without a network and sends later, many at once (R27).

The page's part is static/js/offline-marks.js. What a mark says is for the room's rule to read.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import abort, jsonify, request
from werkzeug.wrappers.response import Response

from foundation.web.incoming import LARGEST, NUL

LARGEST_BATCH = 200
LONGEST_LABEL = 40
CLOCKS_MAY_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class DeviceMark:
    """One mark: its own number, when it was made by the club's clock, where, and what it says."""

    request_id: str
    happened_at: datetime
    device: str
    says: Mapping[str, Any]

    def number(self, name: str) -> int | None:
        """An id that the mark names; None where it names none, or one that no row has."""
        value = self.says.get(name)
        fits = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST
        return value if fits else None

    def text(self, name: str) -> str:
        """A short text that the mark holds; empty where it holds none."""
        value = self.says.get(name)
        return value[:80] if isinstance(value, str) and NUL not in value else ""


def sent_marks(*, now: datetime) -> list[DeviceMark]:
    """The marks of this request's body, in the order in which they were made; else a 400.

    The device also says what its clock shows while it sends. Where that is more than two minutes
    off, its moments are moved by the difference.
    """
    try:
        body: Any = request.get_json(silent=True)
        shown = _moment(body["sent_at"])
        label = _label(body.get("device", ""))
        rows = body["marks"]
        if not isinstance(rows, list) or len(rows) > LARGEST_BATCH:
            abort(400)
        off = now - shown if abs(now - shown) > CLOCKS_MAY_DIFFER else timedelta()
        return [_mark(row, label, off) for row in rows]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        abort(400)


def unkept(values: dict[str, Any]) -> Response:
    """An answer to a device: names and tokens stay out of every cache on the way to it."""
    answer = jsonify(values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _mark(row: Mapping[str, Any], label: str, off: timedelta) -> DeviceMark:
    number = str(uuid.UUID(row["request_id"]))
    return DeviceMark(number, _moment(row["happened_at"]) + off, label, row)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone: {text[:40]}")
    return moment.astimezone(UTC)


def _label(text: str) -> str:
    """What people call the device: "East gate"."""
    return "" if NUL in text else " ".join(text.replace(":", " ").split())[:LONGEST_LABEL]
