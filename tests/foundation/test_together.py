"""Rows of several tables that are stored in one go."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from foundation import audit, together
from foundation.audit import AuditEntry
from foundation.jobs import Heartbeat
from foundation.together import NewRow
from tests.conftest import Sessions

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
NOTE = audit.entry("test.made", "test", 7, by=None, now=NOW, words=["茶", None])
BEAT = NewRow(Heartbeat, {"worker": "first", "at": NOW})


def test_values_come_back_as_they_went_in(db: Session, sessions: Sessions) -> None:
    together.store(db, [NOTE, BEAT])
    db.commit()
    with sessions() as fresh:
        note = fresh.scalars(select(AuditEntry).where(AuditEntry.act == "test.made")).one()
        assert (note.at, note.account_id, note.details) == (NOW, None, {"words": ["茶", None]})
        assert fresh.get_one(Heartbeat, "first").at == NOW


def test_a_row_that_cannot_be_is_the_toolkits_error(db: Session, sessions: Sessions) -> None:
    """The page for two at once catches IntegrityError; and of the others nothing stays."""
    together.store(db, [BEAT])
    db.commit()
    with pytest.raises(IntegrityError):
        together.store(db, [NOTE, BEAT])
    db.rollback()
    with sessions() as fresh:
        query = select(AuditEntry).where(AuditEntry.act == "test.made")
        assert fresh.scalars(query).all() == []
