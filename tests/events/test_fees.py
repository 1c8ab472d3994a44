"""Fees at the desk, and next year's edition."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, copying, fees
from events.models import EventState, FeePayment, Registration, Unit
from events.refusals import FeeRefused
from foundation.audit import AuditEntry
from tests.browsing import fresh
from tests.conftest import Sessions
from tests.entering import at_desk
from tests.events.at_the_desk import act, make_running, sign_up, stored
from tests.events.racing import once_free, race
from tests.making import KEYS, NOW, make_event, make_member, make_session

ZONE = ZoneInfo("Asia/Shanghai")


def test_a_sign_up_owes_by_what_takes_a_place_and_more_on_site(db: Session) -> None:
    """Red when a party pays once, or when who comes on site pays the early fee."""
    event = make_event(db, fee_fen=8000, onsite_fee_fen=10000, register_until=NOW)
    party = register(db, event, now=NOW, party_size=3)
    late = register(db, event, now=NOW + timedelta(seconds=1), as_staff=True)
    cars = make_event(db, fee_fen=5000, unit=Unit.PERSON)
    cars.unit = Unit.CAR
    assert (fees.due(party), fees.due(late)) == (24000, 10000)
    assert fees.due(Registration(event=cars, party_size=3, made_at=NOW)) == 5000


def register(db: Session, event: object, **more: object) -> Registration:
    return booking.register(db, event, make_member(db, login=False), keys=KEYS, by=None, **more)  # type: ignore[arg-type]


def pay(db: Session, one: Registration, fen: int, name: str = "a") -> FeePayment:
    return fees.take(db, one, fen, request_id=f"{one.id}{name}", by=None, now=NOW)


def test_the_till_counts_what_was_taken_and_not_struck_out(db: Session) -> None:
    """Parts add up; what was struck out stays in the record, counts no more, and is noted once."""
    event = make_event(db, fee_fen=8000)
    one, two = register(db, event, now=NOW), register(db, event, now=NOW)
    pay(db, one, 3000)
    pay(db, one, 5000, "b")
    wrong = pay(db, two, 8000)
    for _time in range(2):
        fees.strike(db, two, wrong.id, by=None, now=NOW)
    assert fees.till_of(db, event) == fees.Till(2, 1, 8000, 16000)
    trail = select(AuditEntry.thing_id).where(AuditEntry.act == "fee.strike")
    assert db.scalars(trail).all() == [two.id]
    with pytest.raises(FeeRefused):
        fees.strike(db, one, wrong.id, by=None, now=NOW)
    for amount in (0, -1, fees.MOST_FEN + 1):
        with pytest.raises(FeeRefused):
            pay(db, two, amount, "b")


def test_the_same_request_is_one_payment(db: Session) -> None:
    """Also after they gave the place back; red without the look for the request. With another
    amount, or once it was struck out, it is a page that is out of date."""
    mine = register(db, make_event(db, fee_fen=8000), now=NOW)
    first = pay(db, mine, 8000)
    booking.cancel(db, mine, by=None, now=NOW)
    assert pay(db, mine, 8000) is first
    with pytest.raises(FeeRefused):
        pay(db, mine, 3000)
    fees.strike(db, mine, first.id, by=None, now=NOW)
    with pytest.raises(FeeRefused):
        pay(db, mine, 8000)
    assert fees.payments_of(db, [mine.id]) == {mine.id: [first]}


def take(sessions: Sessions, registration_id: int) -> str:
    return once_free(sessions, _take, registration_id)


def _take(db: Session, registration_id: int) -> str:
    request_id = fees.request_of(registration_id, 0)
    one = db.get_one(Registration, registration_id)
    return str(fees.take(db, one, 8000, request_id=request_id, by=None, now=NOW).amount_fen)


def test_eight_presses_at_once_are_one_payment(sessions: Sessions, database_url: str) -> None:
    """Real processes; each is told that it is paid. Red on PostgreSQL without holding the sign-up:
    the second insert falls on the unique key."""
    with sessions() as db:
        mine = register(db, make_event(db, fee_fen=8000), now=NOW).id
        db.commit()
    assert race(database_url, [(take, (mine,))] * 8) == ["8000"] * 8
    with sessions() as read:
        assert read.scalars(select(FeePayment.amount_fen)).all() == [8000]


def test_the_desk_notes_a_fee_and_sees_the_sum(app: Flask) -> None:
    """What is no amount comes back with 422 and takes nothing; the page that two tabs show takes
    the fee once, and strikes it out once."""
    event_id = stored(app, lambda session: make_running(session, fee_fen=8000))
    made = sign_up(app, event_id, "林晓")
    client, base = at_desk(app), f"/desk/events/{event_id}/registrations"
    pay_at, strike_at = (f"{base}/{made.id}/{act}" for act in ("pay", "strike-fee"))
    (asked,) = re.findall(r'name="request_id" value="([^"]+)"', client.get(base).text)
    assert act(client, pay_at, amount="很多", request_id=asked).status_code == 422
    assert act(client, pay_at, amount="80").status_code == 400
    for _tab in range(2):
        assert act(client, pay_at, amount="¥80.00", request_id=asked).status_code == 303
    shown = client.get(f"/desk/events/{event_id}").get_data(as_text=True)
    assert "1 份报名中 1 份已付清" in shown
    (paid,) = re.findall(r'name="payment" value="(\d+)"', client.get(base).text)
    with fresh(app) as session:
        assert fees.paid_by(session, [made.id]) == {made.id: 8000}
    act(client, strike_at, payment=paid)
    with fresh(app) as session:
        assert fees.paid_by(session, [made.id]) == {}


def test_next_years_edition_keeps_the_day_of_the_week(db: Session) -> None:
    """Sunday 8 November 2026 to Sunday 7 November 2027, sessions and deadlines with it; red with
    the same date."""
    starts = datetime(2026, 11, 8, 2, tzinfo=UTC)
    event = make_event(db, starts_at=starts, edition=3, register_until=starts - timedelta(days=2))
    make_session(db, event)
    made = copying.repeat(db, event, by=None, now=NOW)
    first = made.starts_at.astimezone(ZONE)
    assert (first.date(), first.hour, made.edition) == (date(2027, 11, 7), 10, 4)
    assert made.state == EventState.DRAFT
    assert made.sessions[0].starts_at == made.starts_at
    assert made.register_until == made.starts_at - timedelta(days=2)
