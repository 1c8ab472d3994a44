"""The tables of this room: imports with their rows, merges of archives, the day of the demo."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Base, Id
from members.models import Account, Owner


class FileKind(enum.StrEnum):
    """What a file brings."""

    ORDERS = "orders"
    BALANCES = "balances"


class ImportSource(Base):
    """A system that files of one kind come from, and the columns they have."""

    __tablename__ = "import_source"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[Id]
    kind: Mapped[FileKind] = mapped_column(default=FileKind.ORDERS)
    name: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)


class BatchState(enum.StrEnum):
    """`checked` waits for a person; `failed` stopped part of the way and can go on; `expired` was
    erased before all of it was applied; `undone` was taken back whole."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    EXPIRED = "expired"
    UNDONE = "undone"


class ImportBatch(Base):
    """One file on its way in. `resume_mark` counts the rows that are committed.

    `preview` holds its headers and first rows, `fault` why it cannot be checked; `turn_until` is
    the end of the turn of the worker that has it in its hands. `sums` are what a file of opening
    balances would bring in all, as it was checked and signed.
    """

    __tablename__ = "import_batch"

    id: Mapped[Id]
    source_id: Mapped[int] = mapped_column(ForeignKey("import_source.id"), index=True)
    filename: Mapped[str]
    state: Mapped[BatchState] = mapped_column(default=BatchState.UPLOADED, index=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ignored: Mapped[list[str]] = mapped_column(default=list)
    rows: Mapped[int] = mapped_column(default=0)
    checked_rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    resume_mark: Mapped[int] = mapped_column(default=0)
    turn_until: Mapped[datetime | None]
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    fault: Mapped[dict[str, Any] | None]
    preview: Mapped[dict[str, Any] | None]
    kind: Mapped[FileKind] = mapped_column(default=FileKind.ORDERS)
    sums: Mapped[dict[str, Any]] = mapped_column(default=dict)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    # last, because SQLite reads through it to reach what stands behind it
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    source: Mapped[ImportSource] = relationship()
    brought_by: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    signed_by: Mapped[Account | None] = relationship(foreign_keys=[signed_by_id])
    undone_by: Mapped[Account | None] = relationship(foreign_keys=[undone_by_id])

    @property
    def headers(self) -> list[str]:
        """The names of its columns."""
        return list(self.preview["headers"]) if self.preview else []

    @property
    def reported(self) -> int:
        """How many of its rows have their outcome."""
        return self.created + self.changed + self.unchanged + self.refused


class RowOutcome(enum.StrEnum):
    """What became, or would become, of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class ImportRow(Base):
    """What became of one row: its outcome, and why where it was refused or warned about."""

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("batch_id", "row_no"),)

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"))
    row_no: Mapped[int]
    outcome: Mapped[RowOutcome]
    message: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def sentence(self) -> str:
        """The message with its values, in English; pages translate `message` first."""
        return str((self.message or "") % self.details.get("values", {}))


class OwnerMerge(Base):
    """Two archives made one: who stayed, who went into them, and all it takes to part them again.

    `record` holds the ids of what moved, the rows that were joined as they were before, and a
    fingerprint of the kept owner right after (R13). It is emptied when the merge is undone.
    """

    __tablename__ = "owner_merge"

    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    reason: Mapped[str]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    record: Mapped[dict[str, Any]] = mapped_column(default=dict)

    gone: Mapped[Owner] = relationship(foreign_keys=[gone_id])
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])


class LeavingWish(Base):
    """That somebody wants to be erased, from when on it is done, and what became of the wish."""

    __tablename__ = "leaving_wish"

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"), index=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None] = mapped_column(index=True)

    owner: Mapped[Owner] = relationship()


class DemoClub(Base):
    """The day on which the demo club was built: its past and coming events hang on it."""

    __tablename__ = "demo_club"

    id: Mapped[Id]
    anchor_at: Mapped[datetime]
