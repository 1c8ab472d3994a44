"""The anonymous event page, kept between requests; what must be live is put in each time."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

NONCE_MARK = "nonce-mark-7f3a"
PLACES_MARK = "<!--places-mark-7f3a-->"
LIMIT = 256


@dataclass(frozen=True, slots=True)
class Key:
    """What a body depends on; the minute bounds how long anything else in it can be stale."""

    event_id: int
    version: int
    language: str
    theme: str | None
    minute: int


_bodies: OrderedDict[Key, tuple[tuple[str, ...], ...]] = OrderedDict()
_lock = Lock()


def filled(key: Key, make: Callable[[], str], nonce: str, places: str) -> str:
    """The body for `key`, made when it is not kept, with its nonce and its places."""
    parts = _bodies.get(key)
    if parts is None:
        parts = tuple(tuple(part.split(NONCE_MARK)) for part in make().split(PLACES_MARK))
        with _lock:
            _bodies[key] = parts
            while len(_bodies) > LIMIT:
                _bodies.popitem(last=False)
    return places.join(nonce.join(pieces) for pieces in parts)
