"""Two real processes bring the same orders in at the same moment."""

from pathlib import Path

from sqlalchemy import func, select

from club import checking
from club.figures import figures_at
from foundation.settings import Settings
from members.models import OrderLine
from portal import importing, jobs
from portal.models import BatchState, ImportBatch
from tests.club.scene import NOW
from tests.conftest import KEYS, Sessions
from tests.events.racing import race
from tests.portal.order_files import bring_in, counts, csv_of, made_up
from tests.portal.test_import_orders import LAST

ROWS = 40
CONTENT = csv_of(made_up(ROWS, 9))


def file_in(sessions: Sessions, source: str) -> tuple[int, ...]:
    """The counts of one of two uploads of the file."""
    with sessions() as db:
        return counts(bring_in(db, CONTENT, source=source))


def work(sessions: Sessions, state: str) -> str:
    """One of two workers that look for files to apply."""
    settings = Settings.read({"CLUB_STATE_DIR": state}, KEYS)
    with sessions() as db:
        return jobs.apply_imports(db, settings, NOW)


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
    with sessions() as db:
        batch = importing.upload(db, "dms", "orders.csv", CONTENT, by=None, now=NOW)
        importing.release(db, batch, by=None, now=NOW)
        db.commit()
    race(database_url, [(work, (str(tmp_path),)), (work, (str(tmp_path),))])
    with sessions() as db:
        batch = db.get_one(ImportBatch, batch.id)
        assert (batch.state, counts(batch)) == (BatchState.APPLIED, (ROWS, 0, 0, 0))
        assert db.scalars(select(func.count()).select_from(OrderLine)).one() == ROWS
        assert list(checking.differences(db)) == []
