"""Letters and texts on their way out: one row each, in the transaction of their cause."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Index, Table, Text, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Id, rows_changed
from foundation.together import NewRow


class Channel(enum.StrEnum):
    EMAIL = "email"
    TEXT = "text"
    WECHAT = "wechat"


class Purpose(enum.StrEnum):
    """Service letters belong to something the reader did; marketing needs consent (R37, R38)."""

    SERVICE = "service"
    MARKETING = "marketing"


class LetterState(enum.StrEnum):
    """`held` waits for a person; `claimed` is being sent; `unknown` may have been sent (R33)."""

    QUEUED = "queued"
    HELD = "held"
    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


WAITING = (LetterState.QUEUED, LetterState.HELD)


class Letter(Base):
    """One letter to one reader; its words are made from `template` and `details` when sent."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_due", "state", "not_before", "id"),
        Index("ix_letter_cause", "cause_kind", "cause_id", "id"),
        Index("ix_letter_written", "created_at", "id"),
        Index("ix_letter_recipient", "recipient_kind", "recipient_id", "id"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[Channel]
    purpose: Mapped[Purpose]
    topic: Mapped[str | None]
    recipient_kind: Mapped[str]
    recipient_id: Mapped[int]
    address: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    details: Mapped[dict[str, Any]]
    cause_kind: Mapped[str]
    cause_id: Mapped[int]
    state: Mapped[LetterState] = mapped_column(default=LetterState.QUEUED)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    why: Mapped[str | None] = mapped_column(Text)
    withdrawn: Mapped[str | None] = mapped_column(Text)
    sent_subject: Mapped[str | None]
    sent_text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a letter goes to and how: an owner or an account, by (kind, id)."""

    kind: str
    id: int
    channel: Channel
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter says and until when saying it makes sense."""

    template: str
    cause_kind: str
    cause_id: int
    details: dict[str, Any] = field(default_factory=dict)
    purpose: Purpose = Purpose.SERVICE
    topic: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words of a letter in its reader's language; `short` is what a text message says."""

    subject: str
    text: str
    html: str
    short: str


def post(db: Session, key: str, reader: Reader, draft: Draft, *, now: datetime) -> Letter:
    """Put a letter in the outbox, once per `key`: the same key again gives the first letter.

    `details` are JSON values for the template. The worker is woken after the commit.
    """
    found = db.scalar(select(Letter).where(Letter.key == key))
    return post_first(db, key, reader, draft, now=now) if found is None else found


def post_first(db: Session, key: str, reader: Reader, draft: Draft, *, now: datetime) -> Letter:
    """Put a letter in the outbox whose cause is new, so that no letter can have its key yet."""
    letter: Letter = first_row(db, key, reader, draft, now=now).add(db)
    return letter


def first_row(db: Session, key: str, reader: Reader, draft: Draft, *, now: datetime) -> NewRow:
    """The row of a letter whose cause is new, for who stores it together with other rows."""
    db.info["letters_posted"] = True
    return NewRow(
        Letter,
        {
            "key": key,
            "channel": reader.channel,
            "purpose": draft.purpose,
            "topic": draft.topic,
            "recipient_kind": reader.kind,
            "recipient_id": reader.id,
            "address": reader.address,
            "language": reader.language,
            "template": draft.template,
            "details": draft.details,
            "cause_kind": draft.cause_kind,
            "cause_id": draft.cause_id,
            "created_at": now,
            "not_before": draft.not_before or now,
            "not_after": draft.not_after,
        },
    )


def post_many(db: Session, letters: Sequence[tuple[str, Reader, Draft]], *, now: datetime) -> None:
    """Put many letters with new causes in the outbox, by key, reader and draft, as one batch."""
    rows = [first_row(db, *letter, now=now).values for letter in letters]
    if rows:
        db.execute(insert(cast(Table, Letter.__table__)), rows)


def withdraw(db: Session, cause_kind: str, cause_id: int, *, why: str) -> int:
    """Skip all letters of a cause that are still queued or held; how many were.

    What a worker holds may have left already, and what was sent may come back from its mailbox:
    where it would wait again it is skipped, and what failed or may have gone out is not sent again.
    """
    theirs = update(Letter).where(Letter.cause_kind == cause_kind, Letter.cause_id == cause_id)
    db.execute(theirs.where(Letter.state != LetterState.SKIPPED).values(withdrawn=why))
    waiting = theirs.where(Letter.state.in_(WAITING))
    return rows_changed(db, waiting.values(state=LetterState.SKIPPED, why=why))


def withdraw_one(letter: Letter, *, why: str) -> None:
    """The same for one letter, whose row the caller has locked."""
    letter.withdrawn = why
    if letter.state in WAITING:
        letter.state, letter.why = LetterState.SKIPPED, why


def skip_withdrawn(db: Session, letter_id: int) -> None:
    """A letter that waits again, and was withdrawn since it was taken, does not go out."""
    db.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.state.in_(WAITING), Letter.withdrawn.is_not(None))
        .values(state=LetterState.SKIPPED, why=Letter.withdrawn)
        .execution_options(synchronize_session=False)
    )


def claim(db: Session, letter_id: int, worker: str, *, now: datetime) -> bool:
    """Take a queued letter for this worker; False when another one has it (R33)."""
    taken = rows_changed(
        db,
        update(Letter)
        .where(Letter.id == letter_id, Letter.state == LetterState.QUEUED)
        .values(
            state=LetterState.CLAIMED,
            claimed_by=worker,
            claimed_at=now,
            attempts=Letter.attempts + 1,
        ),
    )
    return taken == 1


def wake_after_commit(session_class: Any, wake: Any) -> None:
    """Call `wake()` after each commit that posted a letter; a lost wake-up costs a minute."""

    @event.listens_for(session_class, "after_commit")
    def _after(session: Session) -> None:
        if session.info.pop("letters_posted", False):
            wake()
