"""What a way out of the house is, and the four ways in which it may not work."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from foundation.outbox import Channel, Letter, LetterState, Rendered


class News(enum.Enum):
    """What a try to send tells about the address (R40)."""

    NOBODY = enum.auto()
    NOT_NOW = enum.auto()
    ARRIVED = enum.auto()


class Undeliverable(Exception):
    """The other side will never take this letter; `news` when that lies with the address."""

    def __init__(self, why: str, *, news: News | None = None) -> None:
        super().__init__(why)
        self.news = news


class TryLater(Exception):
    """The other side did not take this letter now."""


class Unreachable(Exception):
    """The other side is not there or not set up: no letter of the channel can go now."""


class Uncertain(Exception):
    """The letter left and no answer came back."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel said: its id of the letter; a state other than sent, and why."""

    message_id: str | None = None
    state: LetterState = LetterState.SENT
    why: str | None = None


class Adapter(Protocol):
    """A way out of the house. Raises one of the four exceptions above."""

    def send(self, db: Session, letter: Letter, words: Rendered, now: datetime) -> Receipt: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Office:
    """What sending needs: the channels, the words, and who does it. `instead` says what becomes of
    a letter at whose address nobody lives; nothing where it ends there."""

    adapters: Mapping[Channel, Adapter]
    words: Callable[[Session, Letter], Rendered]
    heard: Callable[[Session, Letter, News, datetime], None]
    instead: Callable[[Session, Letter], Mapping[str, object]]
    worker: str
