"""Coming to an event brings its voucher."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from club.models import KindState, Voucher, VoucherState
from events import attendance, booking
from events.models import Registration
from tests import making
from tests.club import vouching
from tests.making import KEYS, NOW


def signed_up(db: Session, **terms: object) -> Registration:
    """A member with a place at an event that gives a voucher."""
    kind = vouching.kind(db, **terms)
    event = making.make_event(db, voucher_kind_id=kind.id)
    return booking.register(db, event, making.make_member(db), keys=KEYS, by=None, now=NOW)


def came(db: Session, registration: Registration) -> list[VoucherState]:
    attendance.count(db, registration, by=None, now=NOW)
    held = select(Voucher).where(Voucher.owner_id == registration.owner_id)
    return [one.state for one in db.scalars(held.order_by(Voucher.id))]


def test_each_step_of_check_in_together_brings_one(db: Session) -> None:
    registration = signed_up(db)
    came(db, registration)
    assert came(db, registration) == [VoucherState.ACTIVE]


def test_an_arrival_struck_out_takes_it_back_until_they_come_again(db: Session) -> None:
    registration = signed_up(db)
    came(db, registration)
    attendance.discount(db, registration, by=None, now=NOW)
    assert came(db, registration) == [VoucherState.REVOKED, VoucherState.ACTIVE]


@pytest.mark.parametrize("terms", [{"stock": 0}, {"state": KindState.STOPPED}])
def test_nothing_to_give_keeps_nobody_out(db: Session, terms: dict[str, object]) -> None:
    assert came(db, signed_up(db, **terms)) == []
