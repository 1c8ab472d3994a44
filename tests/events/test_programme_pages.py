"""The programme on its pages: shapes and filters in the address, and the order kept with me."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from foundation import clock
from foundation.web.database import db, write
from members.models import Account, Interest, OwnerInterest
from tests import making
from tests.browsing import fresh, send
from tests.entering import visitor_of
from tests.reading import texts


@pytest.fixture
def liking(app: Flask) -> int:
    """The account of somebody who likes the later one of two events."""
    with app.app_context():
        write()
        owner, now = making.make_member(db.session, login=False), clock.now()
        account = making.make_account(db.session, owner, language="en")
        tea = db.session.scalars(select(Interest).where(Interest.code == "tea-tasting")).one()
        db.session.add(OwnerInterest(owner_id=owner.id, interest_id=tea.id, since=now))
        for title, day, interests in (("Sooner", 3, []), ("Tea", 9, ["tea-tasting"])):
            starts = now + timedelta(days=day)
            making.make_event(
                db.session,
                title_en=title,
                starts_at=starts,
                interests=interests,
                kind_id=making.make_event_kind(db.session, "tour").id,
                place_zh="茶馆" if interests else "湖边",
                place_en="Teahouse" if interests else "Lake",
            )
        db.session.commit()
        return account.id


def cards(client: FlaskClient, url: str = "/events", language: str = "en") -> list[str]:
    page = client.get(url, headers={"Accept-Language": language}).get_data(as_text=True)
    return [card.split(" ")[0] for card in texts(page, "event-words")]


def test_picks_come_first_until_they_are_switched_off_for_good(app: Flask, liking: int) -> None:
    """Red when the choice is kept in the browser, or when the reason stays without the order."""
    client = visitor_of(app, liking)
    assert cards(client) == ["Tea", "Sooner"]
    assert texts(client.get("/events").get_data(as_text=True), "event-why") != []
    answer = send(client, "/me/programme-order", "/events", picks="0", next="/events?kind=tour")
    assert (answer.status_code, answer.location) == (303, "/events?kind=tour")
    other = visitor_of(app, liking)
    assert cards(other) == ["Sooner", "Tea"]
    assert texts(other.get("/events").get_data(as_text=True), "event-why") == []
    with fresh(app) as session:
        assert session.get_one(Account, liking).picks_events is False


def test_strangers_read_it_by_date(app: Flask, liking: int) -> None:
    assert cards(app.test_client()) == ["Sooner", "Tea"]


def test_shape_and_filter_stay_in_every_link(app: Flask, liking: int) -> None:
    """Red when a link to another shape forgets what was searched for."""
    client = app.test_client()
    asked = {"Accept-Language": "en"}
    page = client.get("/events?q=teahouse&free=1", headers=asked).get_data(as_text=True)
    assert cards(client, "/events?q=teahouse&free=1") == ["Tea"]
    assert '"/events?q=teahouse&amp;free=1&amp;view=month"' in page
    places = client.get("/events?view=places", headers=asked).get_data(as_text=True)
    assert [line.split(" ")[0] for line in texts(places, "event-line-title")] == ["Sooner", "Tea"]
    assert places.index("Lake") < places.index("Teahouse")


def test_a_month_shows_its_own_events(app: Flask, liking: int) -> None:
    starts = clock.now() + timedelta(days=9)
    client = app.test_client()
    asked = {"Accept-Language": "en"}
    shown = client.get(f"/events?view=month&month={starts:%Y-%m}", headers=asked)
    assert "Tea" in texts(shown.get_data(as_text=True), "event-line-title")
    empty = client.get("/events?view=month&month=2031-05", headers=asked)
    assert texts(empty.get_data(as_text=True), "event-line-title") == []


@pytest.mark.parametrize(
    "asked", ["view=x", "month=0001-13", "month=9999-12", "page=0", "page=%C2%B2", "q=%00x"]
)
def test_what_nobody_can_mean_is_left_out_or_refused(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/events?{asked}").status_code in (200, 400)
