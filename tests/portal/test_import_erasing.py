"""Files that were never applied are gone after a month."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import jobs
from portal.importing import application, standing
from portal.importing.erasing import KEPT
from portal.models import BatchState, ImportBatch, ImportRow
from tests.club.scene import NOW
from tests.conftest import Sessions
from tests.portal.order_files import bring_in, csv_of, number_of, order
from tests.portal.test_import_trials import asked, checked

FILE = csv_of([order("A1")])


def month_later(db: Session) -> None:
    jobs.sweep_imports(db, NOW + KEPT + timedelta(seconds=1))


def test_a_file_nobody_applied_is_erased_with_its_report(sessions: Sessions) -> None:
    """Red when content, first rows or report stay."""
    with sessions() as db:
        checked(db, FILE)
        asked(db, FILE)
        month_later(db)
    with sessions() as db:
        for batch in db.scalars(select(ImportBatch)):
            assert (batch.state, batch.content, batch.preview) == (BatchState.EXPIRED, None, None)
            assert batch.reported == 0
        assert number_of(db, ImportRow) == 0


def test_until_then_it_stays(sessions: Sessions) -> None:
    """Red when the sweep looks at no day."""
    with sessions() as db:
        batch = checked(db, FILE)
        jobs.sweep_imports(db, NOW + KEPT)
    with sessions() as db:
        assert db.get_one(ImportBatch, batch.id).content == FILE


def test_the_report_of_applied_and_stopped_files_stays(sessions: Sessions) -> None:
    """R46: it says which rows are in; red when every report goes."""
    with sessions() as db:
        bring_in(db, FILE)
        stopped = bring_in(db, FILE)
        state = {"state": BatchState.FAILED, "content": FILE}
        db.execute(update(ImportBatch).where(ImportBatch.id == stopped.id).values(state))
        db.commit()
        month_later(db)
    with sessions() as db:
        states = db.scalars(select(ImportBatch.state).order_by(ImportBatch.id)).all()
        assert states == [BatchState.APPLIED, BatchState.EXPIRED]
        assert db.scalars(select(ImportBatch.content)).all() == [None, None]
        assert number_of(db, ImportRow) == 2


def test_an_erased_file_is_not_applied(sessions: Sessions) -> None:
    """Red when the state is not looked at."""
    with sessions() as db:
        batch = checked(db, FILE)
        month_later(db)
        with pytest.raises(standing.NotNow):
            application.release(db, batch, by=None, now=NOW)
