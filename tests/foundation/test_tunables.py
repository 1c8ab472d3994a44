"""Numbers that staff change."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from foundation import tunables
from tests.conftest import Sessions

NOW = datetime(2026, 3, 1, 4, tzinfo=UTC)
HOURS = tunables.Tunable("test.hours", 24, "Hours", "h", 1, 72)


def test_a_number_nobody_changed_is_the_default(db: Session) -> None:
    assert tunables.value(db, HOURS) == 24


def test_a_changed_number_is_in_force(db: Session, sessions: Sessions) -> None:
    tunables.change(db, HOURS, 48, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        assert tunables.value(fresh, HOURS) == 48


def test_a_number_out_of_bounds_is_refused(db: Session) -> None:
    with pytest.raises(tunables.OutOfBounds):
        tunables.change(db, HOURS, 73, by=None, now=NOW)
    assert tunables.value(db, HOURS) == 24
