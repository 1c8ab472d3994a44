"""The day's pages: staff at the desk, the member on the phone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from events import booking
from events.models import Ballot, CheckIn, ContestRun, Event, GiftDraw, Sale, SaleItem, Trip, Vote
from events.tickets import TicketKeys
from foundation import clock
from tests import making
from tests.browsing import fresh, send
from tests.entering import at_desk, visitor_of


@dataclass(frozen=True)
class Day:
    """A gathering that is going on, the desk, and a member who is there with a place."""

    event: int
    mine: int
    desk: FlaskClient
    phone: FlaskClient

    @property
    def base(self) -> str:
        return f"/desk/events/{self.event}"


@pytest.fixture
def day(app: Flask) -> Day:
    keys, now = TicketKeys.of(app.extensions["club_settings"]), clock.now()
    with fresh(app) as db:
        event = making.make_event(db, starts_at=now - timedelta(hours=1), unit="car")
        accounts, registrations = [], []
        for _one in range(2):
            owner = making.make_member(db, login=False)
            accounts.append(making.make_account(db, owner))
            car = making.make_vehicle(db, owner)
            before = now - timedelta(days=1)
            mine = booking.register(db, event, owner, vehicle=car, keys=keys, by=None, now=before)
            at = {"happened_at": now, "recorded_at": now}
            db.add(CheckIn(request_id=f"r{mine.id}", registration_id=mine.id, **at))
            registrations.append(mine.id)
        db.commit()
        made = (event.id, registrations[0])
        account = accounts[0].id
    return Day(*made, at_desk(app), visitor_of(app, account))


def a_ballot(app: Flask, day: Day, *, closes: int = 2) -> Ballot:
    """Written at the desk, as staff do."""
    zone = app.extensions["club_settings"].zone
    now = clock.now().astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    fields = {
        "title_zh": "最美座驾",
        "title_en": "Finest car",
        "options": "白鹭 | Egret\n青雀",
        "opens_at": (now - timedelta(hours=3)).isoformat(),
        "closes_at": (now + timedelta(hours=closes)).isoformat(),
    }
    assert send(day.desk, f"{day.base}/ballots/new", **fields).status_code == 303
    with fresh(app) as db:
        found = db.scalars(select(Ballot)).one()
        assert [(one.name_zh, one.name_en) for one in found.options] == [
            ("白鹭", "Egret"),
            ("青雀", None),
        ]
        return found


def test_staff_write_a_ballot_and_the_member_votes(app: Flask, day: Day) -> None:
    ballot = a_ballot(app, day)
    page = f"/me/registrations/{day.mine}/gathering"
    assert "最美座驾" in day.phone.get(page).get_data(as_text=True)
    option = ballot.options[1].id
    address = f"/me/registrations/{day.mine}/ballots/{ballot.id}"
    assert send(day.phone, address, page, option=option).status_code == 303
    with fresh(app) as db:
        assert db.scalars(select(Vote.option_id)).all() == [option]
    for where in ("ballots", "gathering", f"ballots/{ballot.id}/screen", f"ballots/{ballot.id}"):
        assert "最美座驾" in day.desk.get(f"{day.base}/{where}").get_data(as_text=True)


def test_a_closed_ballot_comes_back_with_a_sentence(app: Flask, day: Day) -> None:
    ballot = a_ballot(app, day, closes=-1)
    page = f"/me/registrations/{day.mine}/gathering"
    token = {"option": ballot.options[0].id}
    address = f"/me/registrations/{day.mine}/ballots/{ballot.id}"
    answer = send(day.phone, address, "/me/account", **token)
    assert answer.status_code == 422
    assert "投票已截止" in answer.get_data(as_text=True)
    assert "ballot-result" in day.phone.get(page).get_data(as_text=True)


def test_gifts_are_drawn_from_the_desk(app: Flask, day: Day) -> None:
    gifts = f"{day.base}/gifts"
    assert send(day.desk, f"{gifts}/draw", gifts).status_code == 422
    assert send(day.desk, f"{gifts}/prepare", gifts, step="").status_code == 303
    assert send(day.desk, f"{gifts}/draw", gifts).status_code == 303
    assert send(day.desk, f"{gifts}/draw", gifts).status_code == 422
    with fresh(app) as db:
        draw = db.scalars(select(GiftDraw)).one()
        mine = next(pair for pair in draw.pairs if pair.receiver_id == day.mine)
        number, seed = mine.number, draw.seed
    assert f'<p class="gift-number figures">{number}</p>' in day.phone.get(
        f"/me/registrations/{day.mine}/gathering"
    ).get_data(as_text=True)
    assert seed in day.desk.get(f"{gifts}/screen").get_data(as_text=True)


def test_the_ranking_is_seen_once_it_is_out(app: Flask, day: Day) -> None:
    """Red when an unpublished ranking is shown to members"""
    contest, phone = f"{day.base}/contest", f"/me/registrations/{day.mine}/gathering"
    fields = {"registration_id": day.mine, "in_class": "fuel", "kilometres": "100"}
    assert send(day.desk, contest, **fields, used="6,25").status_code == 422
    assert send(day.desk, contest, **fields, used="6.25", out_because="").status_code == 303
    with fresh(app) as db:
        (run,) = db.scalars(select(ContestRun)).all()
        assert (run.metres, run.used) == (100_000, 6_250)
    assert "6.25" in day.desk.get(f"{contest}?run={run.id}").get_data(as_text=True)
    assert "contest-ranking" not in day.phone.get(phone).get_data(as_text=True)
    assert send(day.desk, f"{contest}/publish", contest).status_code == 303
    assert "contest-ranking" in day.phone.get(phone).get_data(as_text=True)
    assert send(day.desk, f"{contest}/withdraw", contest).status_code == 303
    assert send(day.desk, f"{contest}/{run.id}/forget", contest).status_code == 303
    assert "contest-ranking" not in day.phone.get(phone).get_data(as_text=True)


def test_things_are_sold_at_the_desk(app: Flask, day: Day) -> None:
    page = f"{day.base}/sales"
    row = {"items-0-name_zh": "车标", "items-0-price_fen": "20", "items-0-stock": "1"}
    assert send(day.desk, f"{page}/items", page, **row, do="save").status_code == 303
    with fresh(app) as db:
        item = db.scalars(select(SaleItem)).one()
        assert (item.name_zh, item.price_fen, item.stock) == ("车标", 2000, 1)
    fields = {"registration_id": day.mine, "item_id": item.id, "count": "1"}
    assert send(day.desk, page, **fields, request_id="one").status_code == 303
    assert send(day.desk, page, **fields, request_id="two").status_code == 422
    with fresh(app) as db:
        sale = db.scalars(select(Sale)).one()
    assert send(day.desk, f"{page}/{sale.id}/undo", page).status_code == 303
    with fresh(app) as db:
        assert db.scalars(select(SaleItem.sold)).one() == 0
        assert db.get_one(Event, day.event).title_zh == "春季自驾游"


def test_a_gathering_has_a_recap_too(app: Flask, day: Day) -> None:
    """Red when only trips have one: the first word makes the row that holds it."""
    page = f"{day.base}/trip/recap"
    assert day.desk.get(page).status_code == 200
    assert send(day.desk, page, text_zh="合影在此。", readers="joined").status_code == 303
    with fresh(app) as db:
        assert db.scalars(select(Trip.recap_zh)).all() == ["合影在此。"]
