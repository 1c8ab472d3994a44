"""A fixed question that is asked past the toolkit gives the same rows, and lives as long."""

import time

import psycopg
import pytest
from sqlalchemy import bindparam, literal_column, select

from foundation import tunables
from foundation.glance import Glance
from foundation.tunables import TunableValue
from tests.conftest import Sessions
from tests.foundation.test_idle_connections import end_connections
from tests.foundation.test_writers import COUNT, NOW

PATIENCE = 20  # seconds, on a busy machine
QUESTION = select(TunableValue.id).where(TunableValue.key == bindparam("key"))


def test_each_glance_sees_what_is_committed_by_then(sessions: Sessions) -> None:
    """Red when a glance leaves its transaction open."""
    glance = Glance(sessions.engine, QUESTION)
    assert glance(key="test.count") == []
    for number in (1, 2):
        with sessions() as db:
            tunables.change(db, COUNT, number, by=None, now=NOW)
            db.commit()
        assert len(glance(key="test.count")) == number
    sessions.engine.dispose()


def test_a_glance_after_the_server_came_back(postgresql_url: str) -> None:
    """R69: one glance is lost, the next one gets a new connection; red without `invalidate`."""
    sessions = Sessions(postgresql_url)
    glance = Glance(sessions.engine, select(literal_column("1")))
    assert glance() == [(1,)]
    end_connections(postgresql_url)
    with pytest.raises(psycopg.OperationalError):
        glance()
    assert glance() == [(1,)]
    sessions.engine.dispose()


def test_its_connections_end_with_those_of_the_engine(postgresql_url: str) -> None:
    sessions = Sessions(postgresql_url)
    glance = Glance(sessions.engine, select(literal_column("1")))
    glance()
    sessions.engine.dispose()
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as other:
        others, end = -1, time.monotonic() + PATIENCE
        while others and time.monotonic() < end:  # a server process ends after its connection
            (others,) = other.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone() or (-1,)
    assert others == 0
