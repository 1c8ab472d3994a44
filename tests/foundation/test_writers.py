"""Writers of one process on one database: in line, and each line goes on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from foundation import tunables
from tests.conftest import Sessions

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
COUNT = tunables.Tunable("test.count", 0, "Count", "times")


def test_five_threads_count_to_fifteen(sessions: Sessions) -> None:
    """Each write reads first; red on SQLite when writers do not begin as writers."""

    def three_times(_thread: int) -> None:
        for _ in range(3):
            with sessions() as db:
                if db.get_bind().dialect.name == "postgresql":
                    db.execute(text("LOCK TABLE tunable_value IN EXCLUSIVE MODE"))
                number = tunables.value(db, COUNT) + 1
                tunables.change(db, COUNT, number, by=None, now=NOW)
                db.commit()

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(three_times, range(5)))
    with sessions() as fresh:
        assert tunables.value(fresh, COUNT) == 15


def test_a_writer_that_failed_lets_the_next_one_in(sessions: Sessions) -> None:
    """Red on SQLite when the turn is given back on a commit alone."""
    with sessions() as broken, pytest.raises(DatabaseError):
        broken.execute(text("INSERT INTO no_such_table VALUES (1)"))
    with sessions() as next_one:
        tunables.change(next_one, COUNT, 1, by=None, now=NOW)
        next_one.commit()
    with sessions() as fresh:
        assert tunables.value(fresh, COUNT) == 1
