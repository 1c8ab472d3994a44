"""The front page, the member's home, and the desk's front page, as their readers see them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import Registration, RegistrationState
from foundation import clock
from foundation.web.database import db, write
from members.models import Interest, Owner, OwnerInterest
from tests import making
from tests.entering import at_desk, visitor_of
from tests.reading import texts


class Member:
    """A gold member who likes one thing and drives an M5."""

    def __init__(self, session: Session) -> None:
        self.owner: Owner = making.make_member(session, "林晓", tier="gold", login=False)
        self.account_id = making.make_account(session, self.owner, language="en").id
        making.make_vehicle(session, self.owner, model="M5", plate="粤B12345")
        liked = session.scalars(select(Interest).where(Interest.code == "tea-tasting")).first()
        self.liked = liked or session.scalars(select(Interest)).all()[-1]
        session.add(
            OwnerInterest(owner_id=self.owner.id, interest_id=self.liked.id, since=clock.now())
        )
        session.flush()


@pytest.fixture
def member(app: Flask) -> Member:
    with app.app_context():
        write()
        found = Member(db.session)
        db.session.commit()
        return found


def test_the_bar_holds_what_its_reader_may_enter(app: Flask, member: Member) -> None:
    """Red when who only works here is shown the garage, which answers 403."""
    seen = []
    for reader in (at_desk(app), visitor_of(app, member.account_id)):
        bar = re.search(r'<nav class="tabs".*?</nav>', reader.get("/events").text, re.DOTALL)
        assert bar
        seen.append({to: reader.get(to).status_code for to in re.findall(r'href="(.+?)"', bar[0])})
    everybody = dict.fromkeys(("/me", "/events", "/me/account"), 200)
    assert seen == [everybody, everybody | {"/me/benefits": 200, "/me/vehicles": 200}]


def home(app: Flask, member: Member) -> str:
    answer = visitor_of(app, member.account_id).get("/me")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def event(days: int, **fields: object) -> int:
    starts = clock.now() + timedelta(days=days)
    return making.make_event(db.session, starts_at=starts, **fields).id  # type: ignore[arg-type]


def test_a_stranger_sees_what_is_public(app: Flask, client: FlaskClient) -> None:
    """red when drafts, past or invited-only events are shown in front."""
    with app.app_context():
        write()
        event(3, title_en="For all")
        event(4, title_en="For the invited", invited_only=True)
        event(-9, title_en="Long over")
        event(5, title_en="Not yet", state="draft")
        db.session.commit()
    html = client.get("/", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert texts(html, "event-words")[0].startswith("For all")
    assert len(texts(html, "event-words")) == 1


def test_who_is_signed_in_goes_on(app: Flask, member: Member) -> None:
    client = visitor_of(app, member.account_id)
    assert client.get("/").headers["Location"] == "/me"


def test_home_shows_card_car_and_road(app: Flask, member: Member) -> None:
    html = home(app, member)
    assert texts(html, "card-tier") == ["Gold"]
    assert texts(html, "plate") == ["粤B 12345"]
    assert "¥20,000.00 more on service makes you Diamond, the same day." in html


def test_what_they_like_is_picked_first_and_says_so(app: Flask, member: Member) -> None:
    """red when the picks are ordered by day alone."""
    with app.app_context():
        write()
        event(3, title_en="Something else")
        event(8, title_en="What they like", interests=[member.liked.code])
        db.session.commit()
    cards = texts(home(app, member), "event-words")
    assert [card.split(" 1")[0][:14] for card in cards] == ["What they like", "Something else"]
    assert texts(home(app, member), "event-why") == [f"Because you like {member.liked.name_en}"]


def test_what_is_for_others_is_not_picked(app: Flask, member: Member) -> None:
    """red when for_tiers or for_models is not looked at."""
    with app.app_context():
        write()
        event(3, title_en="For diamond", for_tiers=["diamond"])
        event(4, title_en="For X1", for_models=["X1"])
        event(5, title_en="For M5", for_models=["M5"])
        db.session.commit()
    assert texts(home(app, member), "event-why") == ["For your M5"]
    assert len(texts(home(app, member), "event-words")) == 1


def test_an_offer_is_told_before_all_else(app: Flask, member: Member) -> None:
    """red when only confirmed places are read."""
    with app.app_context():
        write()
        now = clock.now()
        db.session.add(
            Registration(
                event_id=event(6, title_en="The full trip"),
                owner_id=member.owner.id,
                state=RegistrationState.OFFERED,
                made_at=now,
                offered_at=now,
                offer_until=now + timedelta(hours=5),
            )
        )
        db.session.commit()
    first = texts(home(app, member), "callout")[0]
    assert "The full trip" in first


def test_who_is_not_in_the_club_is_asked_in(app: Flask) -> None:
    """red when /me redirects in a circle or shows an empty home."""
    with app.app_context():
        write()
        owner = making.make_owner(db.session, "潜客")
        account_id = making.make_account(db.session, owner, language="en").id
        db.session.commit()
    html = visitor_of(app, account_id).get("/me").get_data(as_text=True)
    assert texts(html, "h1") == ["Hello, 潜客"]
    assert 'href="/join"' in html


def test_the_desk_counts_what_waits(app: Flask) -> None:
    with app.app_context():
        write()
        account_id = making.make_staff(db.session, language="en").id
        event(3, title_en="Coming")
        making.make_event(
            db.session, title_en="Draft", state="draft", starts_at=clock.now() + timedelta(days=9)
        )
        db.session.commit()
    html = visitor_of(app, account_id).get("/desk").get_data(as_text=True)
    drafts = [tile for tile in texts(html, "tile") if tile.startswith("Drafts")]
    assert drafts == ["Drafts 1 events not published yet"]
    assert texts(html, "main", "td") == ["Coming"]
