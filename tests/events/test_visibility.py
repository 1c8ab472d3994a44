"""Who may see an event, and who may come for what they like."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking, picking, visibility, waitlist
from events.models import Event, EventInvitee, Registration, RegistrationState
from events.refusals import NotEligible
from foundation import clock
from foundation.web.database import db as web
from foundation.web.database import write
from members.models import Energy, Interest, Owner, OwnerInterest
from tests import making
from tests.conftest import Sessions
from tests.entering import visitor
from tests.making import KEYS, NOW, make_event, make_member, make_vehicle


def seen_by(db: Session, owner: Owner | None) -> set[str]:
    """The titles that a reader finds."""
    reader = visibility.reader_of(db, owner.id if owner else None)
    return set(db.scalars(select(Event.title_zh).where(visibility.shown_to(reader))))


def liking(db: Session, code: str) -> Owner:
    owner = make_member(db, login=False)
    interest = db.scalars(select(Interest).where(Interest.code == code)).one()
    db.add(OwnerInterest(owner_id=owner.id, interest_id=interest.id, since=NOW))
    db.flush()
    return owner


def test_each_reader_finds_what_is_meant_for_them(db: Session) -> None:
    """Tier, model, interest, invitation; red when one of them is left out of shown_to."""
    make_event(db, title_zh="公开")
    make_event(db, title_zh="会员", hidden=True)
    make_event(db, title_zh="金卡", hidden=True, for_tiers=["gold", "diamond"])
    make_event(db, title_zh="车型", hidden=True, for_models=["云雀 M5"])
    make_event(db, title_zh="高尔夫", hidden=True, interests=["golf"], interests_only=True)
    invited = make_event(db, title_zh="受邀", hidden=True, invited_only=True)
    guest, golfer = make_member(db, tier="gold", login=False), liking(db, "golf")
    driver = make_member(db, login=False)
    make_vehicle(db, driver, model="云雀 M5")
    db.add(EventInvitee(event_id=invited.id, owner_id=guest.id, invited_at=NOW))
    db.flush()
    assert seen_by(db, None) == {"公开"}
    assert seen_by(db, making.make_owner(db)) == {"公开"}
    assert seen_by(db, guest) == {"公开", "会员", "金卡", "受邀"}
    assert seen_by(db, golfer) == {"公开", "会员", "高尔夫"}
    assert seen_by(db, driver) == {"公开", "会员", "车型"}


def test_one_car_has_to_be_of_the_model_and_of_the_energy(db: Session, sessions: Sessions) -> None:
    """Seen, picked, and signed up for: red when one car gives the model and another the energy."""
    asked = {"for_models": ["云雀 M5"], "for_energies": ["plug-in", "electric"]}
    event = make_event(db, title_zh="插电云雀", hidden=True, **asked)
    two_cars, right, without = (make_member(db, login=False) for _one in range(3))
    cars = [
        make_vehicle(db, two_cars, model="云雀 M5", energy=Energy.FUEL),
        make_vehicle(db, two_cars, model="白鹭", energy=Energy.ELECTRIC),
        make_vehicle(db, right, model="云雀 M5", energy=Energy.PLUG_IN),
    ]
    assert [seen_by(db, one) for one in (two_cars, right, without)] == [
        set(),
        {"插电云雀"},
        set(),
    ]
    zone = event.shop.zone
    tastes = [picking.tastes_of(db, one.id, zone=zone, now=NOW) for one in (two_cars, right)]
    assert [picking.open_to(event, one) for one in tastes] == [False, True]
    for car in cars[:2]:
        with pytest.raises(NotEligible):
            booking.register(db, event, two_cars, vehicle=car, keys=KEYS, by=None, now=NOW)
    booking.register(db, event, right, vehicle=cars[2], keys=KEYS, by=None, now=NOW)
    db.commit()
    with sessions() as fresh:
        assert fresh.scalars(select(Registration.owner_id)).all() == [right.id]


def test_who_signed_up_goes_on_seeing_it(db: Session) -> None:
    event = make_event(db, title_zh="金卡", hidden=True, for_tiers=["gold"])
    owner = make_member(db, tier="gold", login=False)
    booking.register(db, event, owner, keys=KEYS, by=None, now=NOW)
    event.for_tiers = ["diamond"]
    db.flush()
    assert seen_by(db, owner) == {"金卡"}


def test_an_interest_opens_the_door_and_is_asked_again_in_the_queue(db: Session) -> None:
    """R21: red when who waits is not asked for the interest any more."""
    event = make_event(db, places=1, interests=["golf"], interests_only=True)
    with pytest.raises(NotEligible):
        booking.register(db, event, make_member(db, login=False), keys=KEYS, by=None, now=NOW)
    holder, first, second = (
        booking.register(db, event, liking(db, "golf"), keys=KEYS, by=None, now=NOW)
        for _ in range(3)
    )
    db.query(OwnerInterest).filter_by(owner_id=first.owner_id).delete()
    booking.cancel(db, holder, by=None, now=NOW)
    waitlist.serve(db, event.id, now=NOW)
    states = [RegistrationState.WAITING, RegistrationState.OFFERED]
    assert [first.state, second.state] == states


def test_a_hidden_event_does_not_exist_for_others(app: Flask) -> None:
    """R60: page, sign-up, calendar and programme, also for strangers whose pages are kept; red
    when only the programme leaves it out."""
    with app.app_context():
        write()
        event = make_event(
            web.session,
            title_zh="金卡答谢晚宴",
            hidden=True,
            for_tiers=["gold"],
            starts_at=clock.now() + timedelta(days=9),
        )
        web.session.commit()
    stranger = app.test_client()
    low, high = (
        visitor(app, lambda session, t=tier: making.make_account(session, member(session, t)))
        for tier in ("general", "gold")
    )
    address = f"/events/{event.id}"
    for client in (stranger, low):
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/calendar.ics").status_code == 404
        assert "金卡答谢晚宴" not in client.get("/events").get_data(as_text=True)
    assert high.get(address).status_code == 200
    assert "金卡答谢晚宴" in high.get("/events").get_data(as_text=True)


def member(session: Session, tier: str) -> Owner:
    return make_member(session, tier=tier, login=False)
