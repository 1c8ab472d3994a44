"""R19 in the database itself: what no code can get past."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.models import Registration, RegistrationState
from foundation import clock
from tests import making


def registration(event_id: int, owner_id: int, **fields: object) -> Registration:
    values = {"state": RegistrationState.CONFIRMED, "party_size": 1, "tier": "general", **fields}
    return Registration(event_id=event_id, owner_id=owner_id, made_at=clock.now(), **values)


def test_a_member_is_signed_up_once(db: Session) -> None:
    """R19: red without uq_registration_active_owner."""
    event, owner = making.make_event(db), making.make_owner(db)
    db.add(registration(event.id, owner.id, state=RegistrationState.CANCELLED))
    db.add(registration(event.id, owner.id))
    db.flush()
    db.add(registration(event.id, owner.id, state=RegistrationState.WAITING))
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_car_is_signed_up_once(db: Session) -> None:
    """R19: red without uq_registration_active_car."""
    event = making.make_event(db)
    one, two, three = (making.make_owner(db, name) for name in ("一", "二", "三"))
    db.add(registration(event.id, one.id, car_key=7, state=RegistrationState.EXPIRED))
    db.add(registration(event.id, two.id, car_key=7))
    db.flush()
    db.add(registration(event.id, three.id, car_key=7))
    with pytest.raises(IntegrityError):
        db.flush()
