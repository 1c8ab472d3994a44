"""A check sheet is written on by one at a time, and by nobody beside or after the signature."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from events.checks import photos, sheets, signing
from events.checks.refusals import SheetClosed
from events.checks.sheets import Head
from events.models import CheckSheet
from foundation import database
from tests import making
from tests.conftest import Sessions
from tests.events.test_check_sheets import WHO, begun, filled
from tests.making import NOW


def acts_on(check_id: int) -> list[Callable[[Session], Any]]:
    """All that writes on an open sheet, each with the sheet as the session knows it."""

    def known(db: Session) -> CheckSheet:
        return db.get_one(CheckSheet, check_id)

    return [
        lambda db: sheets.head(db, known(db), Head(1), **WHO),
        lambda db: sheets.fill(db, known(db), [], **WHO),
        lambda db: photos.keep(db, known(db).results[0], b"", **WHO),
        lambda db: photos.drop(db, known(db).results[0], **WHO),
        lambda db: signing.finish(db, known(db), technician="李师傅", **WHO),
    ]


def acts_on_signed(check_id: int, by: int) -> list[Callable[[Session], Any]]:
    return [
        lambda db: signing.reopen(db, db.get_one(CheckSheet, check_id), **WHO),
        lambda db: signing.look(db, db.get_one(CheckSheet, check_id), by=by, now=NOW),
    ]


def test_nothing_is_written_beside_or_after_a_signature(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes while the technician signs waits, and then meets a signed sheet though they had
    read it open. Red on PostgreSQL without the lock, on both without reading again."""
    monkeypatch.setattr(database, "LOCK_WAIT_MS", 50)
    sessions = Sessions(database_url)
    with sessions() as db:
        check_id = filled(db, begun(db)).id
        sheets.head(db, db.get_one(CheckSheet, check_id), Head(43210), **WHO)
        by = making.make_staff(db).id
        db.commit()
    acts, late = acts_on(check_id), [sessions() for _ in range(5)]
    read = []  # kept, or the sessions forget what they read
    for session in late:
        read.append(session.get_one(CheckSheet, check_id))
        session.refresh(read[-1], ["results"])
        session.commit()
    with sessions() as signs:
        signing.finish(signs, signs.get_one(CheckSheet, check_id), technician="周师傅", **WHO)
        for act in [*acts, *acts_on_signed(check_id, by)]:
            with sessions() as other, pytest.raises(OperationalError) as waited:
                act(other)
            assert database.is_lock_wait(waited.value)
        signs.commit()
    assert [one.finished_at for one in read] == [None] * 5
    for session, act in zip(late, acts, strict=True):
        with session, pytest.raises(SheetClosed):
            act(session)
    sessions.engine.dispose()
