"""Signing up, changing, cancelling (R16 to R19, R26)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, programme, quotas, seats
from events.booking import Guest
from events.models import (
    Event,
    EventState,
    Quota,
    QuotaKind,
    Registration,
    RegistrationState,
    Unit,
)
from events.refusals import (
    CarAlreadyComes,
    CarNeeded,
    Closed,
    NotEligible,
    NotForSignUp,
    NotYetOpen,
    OthersWait,
    PartyRefused,
    SessionNeeded,
    TooLate,
)
from foundation.outbox import Letter
from foundation.refusals import Refusal
from members.models import CompanyPerson, CompanyRole, Owner, OwnerKind
from tests.conftest import Sessions
from tests.events.counting import assert_counters_are_true
from tests.making import KEYS, NOW, make_event, make_member, make_owner, make_session, make_vehicle

S = RegistrationState
SECOND = timedelta(seconds=1)


def sign_up(
    db: Session, event: Event, owner: Owner | None = None, **wishes: object
) -> Registration:
    """A registration of a new member, or of `owner`."""
    wishes = {"now": NOW, "by": None, "keys": KEYS, **wishes}
    return booking.register(db, event, owner or make_member(db), **wishes)  # type: ignore[arg-type]


def taken(db: Session, event: Event, kind: QuotaKind = QuotaKind.PEOPLE) -> int:
    query = select(Quota.taken).where(Quota.event_id == event.id, Quota.kind == kind)
    return db.scalars(query).one()


def test_a_place_brings_ticket_letter_and_gift(db: Session, sessions: Sessions) -> None:
    made = sign_up(db, make_event(db, gifts=1))
    db.commit()
    with sessions() as fresh:
        found = fresh.get_one(Registration, made.id)
        assert (found.state, found.gift, found.ticket is not None) == (S.CONFIRMED, True, True)
        letter = fresh.scalars(select(Letter)).one()
        assert letter.template == "events/registration-confirmed"


def test_gifts_run_out_and_places_do_not(db: Session) -> None:
    """R16: gifts given stay within stock and never block; red without the capacity condition."""
    event = make_event(db, places=3, gifts=1)
    made = [sign_up(db, event) for _ in range(3)]
    assert [one.gift for one in made] == [True, False, False]
    assert {one.state for one in made} == {S.CONFIRMED}
    assert taken(db, event, QuotaKind.GIFT) == 1


def test_none_is_unlimited_and_zero_is_closed(db: Session) -> None:
    """R17: red when a capacity of zero lets people wait."""
    unlimited, closed = make_event(db, places=None), make_event(db, places=0)
    assert sign_up(db, unlimited, party_size=4).state == S.CONFIRMED
    with pytest.raises(Closed):
        sign_up(db, closed)
    assert db.scalar(select(Registration).where(Registration.event_id == closed.id)) is None


def test_lowering_the_capacity_cancels_nobody(db: Session) -> None:
    """R17: overbooked is shown; red when lowering is clipped to what is taken."""
    event = make_event(db, places=3)
    made = [sign_up(db, event) for _ in range(3)]
    quota = seats.set_capacity(db, event, QuotaKind.PEOPLE, 1, by=None, now=NOW)
    assert quotas.is_overbooked(quota)
    assert [one.state for one in made] == [S.CONFIRMED] * 3
    assert sign_up(db, event).state == S.WAITING


def test_people_and_cars_are_counted_apart(db: Session) -> None:
    """R18: red when a car takes the party's number of places."""
    event = make_event(db, places=10, cars=1)
    owner = make_member(db)
    sign_up(db, event, owner, vehicle=make_vehicle(db, owner), party_size=3)
    assert (taken(db, event), taken(db, event, QuotaKind.CARS)) == (3, 1)
    assert sign_up(db, event, party_size=2).state == S.CONFIRMED
    other = make_member(db)
    assert sign_up(db, event, other, vehicle=make_vehicle(db, other)).state == S.WAITING


def test_a_changed_party_asks_for_the_difference(db: Session) -> None:
    """R18: from 3 to 4 of 4 fits; red when the whole party is asked for again."""
    event = make_event(db, places=4)
    made = sign_up(db, event, party_size=3)
    booking.change(db, made, party_size=4, by=None, now=NOW)
    assert (made.party_size, taken(db, event)) == (4, 4)
    booking.change(db, made, party_size=1, by=None, now=NOW)
    assert taken(db, event) == 1


def test_a_party_does_not_grow_before_those_who_wait(db: Session) -> None:
    """R18, R20: red when growing uses the update for the queue."""
    event = make_event(db, places=5)
    made = sign_up(db, event, party_size=3)
    waiting = sign_up(db, event, party_size=3)
    with pytest.raises(OthersWait):
        booking.change(db, made, party_size=4, by=None, now=NOW)
    assert (made.party_size, waiting.state, taken(db, event)) == (3, S.WAITING, 3)


def test_one_who_waits_grows_at_the_end_of_the_line(db: Session) -> None:
    """R18: growing in the queue goes behind those who wait."""
    event = make_event(db, places=1)
    sign_up(db, event)
    first, second = sign_up(db, event), sign_up(db, event, now=NOW + SECOND)
    seats.set_capacity(db, event, QuotaKind.PEOPLE, 2, by=None, now=NOW - timedelta(days=30))
    waiting = second if first.state == S.OFFERED else first
    booking.change(db, waiting, party_size=2, by=None, now=NOW + 2 * SECOND)
    assert (waiting.party_size, waiting.queued_at) == (2, NOW + 2 * SECOND)


def test_a_second_click_gives_the_first_registration(db: Session) -> None:
    """R19: held by a look first and by the unique key; red without both."""
    event, owner = make_event(db), make_member(db)
    first = sign_up(db, event, owner)
    assert sign_up(db, event, owner) is first
    assert taken(db, event) == 1


def test_a_car_comes_once(db: Session) -> None:
    """R19: two members, one company car; held by the check of the car and by the unique key; red
    without both."""
    event = make_event(db, unit=Unit.CAR)
    owner, other = make_member(db), make_member(db)
    car = make_vehicle(db, owner)
    make_vehicle(db, other)
    sign_up(db, event, owner, vehicle=car)
    db.add(type(car.ownerships[0])(owner=other, vehicle=car))
    db.flush()
    with pytest.raises(CarAlreadyComes):
        sign_up(db, event, other, vehicle=car)


def test_three_deadlines_are_inclusive(db: Session) -> None:
    """R26: at the deadline yes, a moment later no; red with `>=` for `>`."""
    event = make_event(db, register_until=NOW, change_until=NOW, cancel_until=NOW)
    made = sign_up(db, event)
    booking.change(db, made, party_size=2, by=None, now=NOW)
    with pytest.raises(TooLate):
        sign_up(db, event, now=NOW + SECOND)
    with pytest.raises(TooLate):
        booking.change(db, made, party_size=1, by=None, now=NOW + SECOND)
    with pytest.raises(TooLate):
        booking.cancel(db, made, by=None, now=NOW + SECOND)
    assert booking.cancel(db, made, by=None, now=NOW).state == S.CANCELLED


def test_staff_cancel_late_and_the_waiting_leave_late(db: Session) -> None:
    """R26: red when the deadline holds for the waitlist too."""
    event = make_event(db, places=1, cancel_until=NOW)
    made, waiting = sign_up(db, event), sign_up(db, event)
    late = NOW + SECOND
    assert booking.cancel(db, waiting, by=None, now=late).state == S.CANCELLED
    assert booking.cancel(db, made, as_staff=True, by=None, now=late).ended_by == "staff"
    assert_counters_are_true(db, event.id)


REFUSALS = [
    ({"state": EventState.DRAFT}, NotForSignUp),
    ({"state": EventState.CANCELLED}, NotForSignUp),
    ({"register_from": NOW + SECOND}, NotYetOpen),
    ({"register_until": NOW - SECOND}, TooLate),
    ({"for_tiers": ["gold"]}, NotEligible),
    ({"invited_only": True}, NotEligible),
    ({"for_models": ["M5"]}, CarNeeded),
    ({"for_energies": ["electric"]}, CarNeeded),
    ({"unit": Unit.CAR}, CarNeeded),
    ({"party_limit": 0}, PartyRefused),
]


@pytest.mark.parametrize(("fields", "refusal"), REFUSALS)
def test_a_refusal_is_named_and_takes_no_place(
    db: Session, fields: dict[str, object], refusal: type[Refusal]
) -> None:
    event = make_event(db, **fields)  # type: ignore[arg-type]
    with pytest.raises(refusal):
        sign_up(db, event)
    assert db.scalars(select(Quota.taken)).one() == 0


def test_who_is_no_member_or_names_another_car_is_refused(db: Session) -> None:
    event, owner = make_event(db), make_member(db)
    stranger = make_vehicle(db, make_member(db))
    with pytest.raises(NotEligible):
        sign_up(db, event, make_owner(db))
    with pytest.raises(CarNeeded):
        sign_up(db, event, owner, vehicle=stranger)
    with pytest.raises(PartyRefused):
        sign_up(db, event, owner, party_size=2, companions=[Guest("甲"), Guest("乙")])


def test_a_company_car_is_for_its_own_people(db: Session) -> None:
    """Its driver may name it, another company's driver may not; red when the look at who belongs
    to a company forgets whom it is about."""
    event, driver, other = make_event(db), make_member(db), make_member(db)
    for person in (other, driver):
        company = make_owner(db, "云湖运输", kind=OwnerKind.COMPANY)
        car = make_vehicle(db, company)
        db.add(CompanyPerson(company_id=company.id, person_id=person.id, role=CompanyRole.DRIVER))
    db.flush()
    with pytest.raises(CarNeeded):
        sign_up(db, event, other, vehicle=car)
    assert sign_up(db, event, driver, vehicle=car).vehicle_id == car.id


def test_who_looked_while_there_was_room_waits_behind_those_who_came_between(
    db: Session, sessions: Sessions
) -> None:
    """R20: a place is free that the first in line cannot use; red without `waiting = 0` in the
    update that takes places."""
    event, outsider = make_event(db, places=2), make_member(db)
    db.commit()
    with sessions() as late:
        there = late.get_one(Event, event.id), late.get_one(Owner, outsider.id)
        wish = booking.look(late, *there, now=NOW)
        late.commit()
        holder = sign_up(db, event, party_size=2)
        sign_up(db, event, party_size=2)
        booking.change(db, holder, party_size=1, by=None, now=NOW)
        db.commit()
        made = booking.seat(late, wish, keys=KEYS, by=None, now=NOW)
        assert (made.state, booking.queue_place(late, made)) == (S.WAITING, 2)
        assert_counters_are_true(late, event.id)


def test_who_looked_before_the_event_was_cancelled_is_refused(
    db: Session, sessions: Sessions
) -> None:
    """Red when the insert does not ask whether the event is still on."""
    event, owner = make_event(db), make_member(db)
    db.commit()
    with sessions() as late:
        there = late.get_one(Event, event.id), late.get_one(Owner, owner.id)
        wish = booking.look(late, *there, now=NOW)
        late.commit()
        programme.cancel(db, event, reason="台风", by=None, now=NOW)
        db.commit()
        with pytest.raises(NotForSignUp):
            booking.seat(late, wish, keys=KEYS, by=None, now=NOW)


def test_a_session_is_chosen_and_has_places_of_its_own(db: Session) -> None:
    event = make_event(db, places=None)
    early, later = make_session(db, event, places=1), make_session(db, event, places=1, hours=1)
    with pytest.raises(SessionNeeded):
        sign_up(db, event)
    first = sign_up(db, event, session=early)
    assert sign_up(db, event, session=early).state == S.WAITING
    booking.change(db, first, session=later, by=None, now=NOW)
    assert (first.session_id, first.sequence) == (later.id, 1)
    assert_counters_are_true(db, event.id)
