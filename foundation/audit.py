"""Who did what: one entry in the same transaction as each change (R67)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session

from foundation.database import Base, Id
from foundation.together import NewRow


class AuditEntry(Base):
    """An act, its actor and its thing; values are shown translated, so they are kept apart."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_thing", "thing_kind", "thing_id", "id"),
        Index("ix_audit_entry_actor", "account_id", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    act: Mapped[str]
    thing_kind: Mapped[str]
    thing_id: Mapped[int]
    details: Mapped[dict[str, Any]]


def record(
    db: Session,
    act: str,
    thing_kind: str,
    thing_id: int,
    *,
    by: int | None,
    now: datetime,
    **details: Any,
) -> None:
    """Note `act` ("event.publish") on a thing; `by` is an account's id, None for the house itself.

    `details` hold plain JSON values and no secrets; names and numbers of people stay out of them,
    so that leaving the club leaves nothing behind here (R63).
    """
    entry(act, thing_kind, thing_id, by=by, now=now, **details).add(db)


def entry(
    act: str, thing_kind: str, thing_id: int, *, by: int | None, now: datetime, **details: Any
) -> NewRow:
    """The entry of such a note, for who stores it together with other rows."""
    return NewRow(
        AuditEntry,
        {
            "at": now,
            "account_id": by,
            "act": act,
            "thing_kind": thing_kind,
            "thing_id": thing_id,
            "details": details,
        },
    )
