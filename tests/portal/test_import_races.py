"""Two real processes bring the same orders in at the same moment."""

from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from club import checking
from club.figures import figures_at
from foundation.database import is_lock_wait
from foundation.settings import Settings
from members.models import OrderLine
from portal import jobs
from portal.importing import application, reception
from portal.importing.standing import TURN
from portal.models import BatchState, ImportBatch
from tests.club.scene import NOW
from tests.conftest import KEYS, Sessions
from tests.events.racing import race
from tests.portal.order_files import ACT, bring_in, counts, csv_of, made_up
from tests.portal.test_import_orders import LAST

ROWS = 40
CONTENT = csv_of(made_up(ROWS, 9))


def file_in(sessions: Sessions, source: str) -> tuple[int, ...]:
    """The counts of one of two uploads of the file, gone on with when the database was busy."""
    with sessions() as db:
        batch = reception.upload(db, source, "orders.csv", CONTENT, by=None, now=NOW)
        application.release(db, batch, by=None, now=NOW)
        db.commit()
        for tries in range(20):
            at = NOW + tries * 2 * TURN
            try:
                for _ in application.apply(db, batch, **ACT, clock=lambda: at):  # noqa: B023
                    db.commit()
                break
            except OperationalError as busy:
                db.rollback()
                if not is_lock_wait(busy):
                    raise
        return counts(batch)


def released(sessions: Sessions, content: bytes = CONTENT) -> int:
    """A file that waits for a worker."""
    with sessions() as db:
        batch = reception.upload(db, "dms", "orders.csv", content, by=None, now=NOW)
        application.release(db, batch, by=None, now=NOW)
        db.commit()
        return batch.id


def work(sessions: Sessions, state: str) -> str:
    """One of two workers that look for files to apply."""
    settings = Settings.read({"CLUB_STATE_DIR": state}, KEYS)
    with sessions() as db:
        return jobs.work_on_imports(db, settings, NOW)


def alone(sessions: Sessions) -> dict[str, object]:
    """The figures after the file came in once, from a system of its own name."""
    with sessions() as db:
        bring_in(db, CONTENT, source="alone")
        return figures_at(db, LAST)


def test_the_same_file_twice_at_once_is_in_once(sessions: Sessions, database_url: str) -> None:
    """R1, R8, R46: each row is created by one of both.

    Red on PostgreSQL when both may insert the name of a new source.
    """
    made = race(database_url, [(file_in, ("dms",)), (file_in, ("dms",))])
    with sessions() as db:
        assert list(checking.differences(db)) == []
        assert db.scalars(select(func.count()).select_from(OrderLine)).one() == ROWS
        once = figures_at(db, LAST)
    both = {name: 2 * number for name, number in once["tiers"].items()}
    twice = alone(sessions)
    assert [sum(column) for column in zip(*made, strict=True)] == [ROWS, 0, ROWS, 0]
    assert twice["tiers"] == both
    assert twice["points_outstanding"] == 2 * once["points_outstanding"]


def test_two_workers_apply_a_released_file_once(
    sessions: Sessions, database_url: str, tmp_path: Path
) -> None:
    """R46: whichever worker takes a part, it is in once."""
    batch_id = released(sessions)
    race(database_url, [(work, (str(tmp_path),)), (work, (str(tmp_path),))])
    with sessions() as db:
        batch = db.get_one(ImportBatch, batch_id)
        assert (batch.state, counts(batch)) == (BatchState.APPLIED, (ROWS, 0, 0, 0))
        assert db.scalars(select(func.count()).select_from(OrderLine)).one() == ROWS
        assert list(checking.differences(db)) == []


def test_a_worker_that_comes_late_leaves_an_applied_file_alone(
    sessions: Sessions, tmp_path: Path
) -> None:
    """R46: it knew the file as released; red when nobody asks whose turn it is."""
    batch_id = released(sessions)
    settings = Settings.read({"CLUB_STATE_DIR": str(tmp_path)}, KEYS)
    with sessions() as late:
        known = late.get_one(ImportBatch, batch_id)
        late.commit()
        work(sessions, str(tmp_path))
        jobs.apply_file(late, known, settings, NOW)
        assert list(application.apply(late, known, **ACT)) == []
    with sessions() as db:
        batch = db.get_one(ImportBatch, batch_id)
        assert (batch.state, counts(batch)) == (BatchState.APPLIED, (ROWS, 0, 0, 0))
        assert db.scalars(select(func.count()).select_from(OrderLine)).one() == ROWS


def test_only_a_file_that_nobody_brought_further_is_given_up(
    sessions: Sessions, tmp_path: Path
) -> None:
    """R46: red when a file is stopped whatever became of it."""
    done = released(sessions)
    work(sessions, str(tmp_path))
    waiting = released(sessions)
    with sessions() as db:
        given_up = [application.stop(db, done, 0), application.stop(db, waiting, 5)]
        given_up.append(application.stop(db, waiting, 0))
        db.commit()
    with sessions() as db:
        states = db.scalars(select(ImportBatch.state).order_by(ImportBatch.id)).all()
    assert given_up == [False, False, True]
    assert states == [BatchState.APPLIED, BatchState.FAILED]
