"""The makings of tests are themselves sound."""

from sqlalchemy.orm import Session

from events.models import Event, Unit
from tests.conftest import Sessions
from tests.making import make_event, make_member, make_session, make_staff, make_vehicle


def test_an_event_with_all_its_parts_is_stored(db: Session, sessions: Sessions) -> None:
    owner = make_member(db, tier="gold")
    make_vehicle(db, owner)
    make_staff(db)
    event = make_event(db, unit=Unit.CAR, places=3, gifts=2)
    make_session(db, event, places=4)
    db.commit()
    with sessions() as fresh:
        found = fresh.get_one(Event, event.id)
        assert sorted(quota.capacity or 0 for quota in found.quotas) == [2, 3, 4]
