"""Fees at the desk, and next year's edition."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from events import booking, copying, fees
from events.models import EventState, Registration, Unit
from events.refusals import FeeRefused
from tests.browsing import fresh
from tests.events.at_the_desk import act, desk, make_running, sign_up, stored
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


def test_the_till_counts_what_was_taken_and_not_struck_out(db: Session) -> None:
    """Parts add up; what was struck out stays in the record and counts no more."""
    event = make_event(db, fee_fen=8000)
    one, two = register(db, event, now=NOW), register(db, event, now=NOW)
    for amount in (3000, 5000):
        fees.take(db, one, amount, by=None, now=NOW)
    fees.take(db, two, 8000, by=None, now=NOW)
    fees.strike(db, two, by=None, now=NOW)
    assert fees.till_of(db, event) == fees.Till(2, 1, 8000, 16000)
    with pytest.raises(FeeRefused):
        fees.strike(db, two, by=None, now=NOW)
    for amount in (0, -1, fees.MOST_FEN + 1):
        with pytest.raises(FeeRefused):
            fees.take(db, two, amount, by=None, now=NOW)


def test_the_desk_notes_a_fee_and_sees_the_sum(app: Flask) -> None:
    """What is no amount comes back with 422 and takes nothing."""
    event_id = stored(app, lambda session: make_running(session, fee_fen=8000))
    made = sign_up(app, event_id, "林晓")
    client, pay = desk(app), f"/desk/events/{event_id}/registrations/{made.id}/pay"
    assert act(client, pay, amount="很多").status_code == 422
    assert act(client, pay, amount="¥80.00").status_code == 303
    shown = client.get(f"/desk/events/{event_id}").get_data(as_text=True)
    assert "1 份报名中 1 份已付清" in shown
    act(client, pay.replace("/pay", "/strike-fee"))
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
