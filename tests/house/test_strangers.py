"""What is another's does not exist (R60), for every address of a member that holds an id."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from club import quote_sending, quotes
from club.quotes import Asked
from club.till_prices import Item
from events import booking
from events.gatherings import ballots
from events.models import Registration
from events.tickets import TicketKeys
from events.trips import planning
from foundation import clock
from foundation.web.access import entry_of
from foundation.web.database import db, write
from members.models import Account, Owner
from tests import making
from tests.club import vouching
from tests.entering import visitor_of
from tests.events import filing, workshop
from tests.house.walking import address, doors, holes

# Told apart by who may see them: what all may see, and what a token or a word names.
PUBLIC = {"event_id", "issue_id", "reward_id"}
NAMED_BY = {"token", "name"}
NOT_OWN = PUBLIC | NAMED_BY


def _registration(session: Session, owner: Owner) -> int:
    now = clock.now()
    event = making.make_event(session, starts_at=now + timedelta(days=14))
    planning.begin(session, event, by=None, now=now)
    keys = TicketKeys.of(current_app.extensions["club_settings"])
    return booking.register(session, event, owner, keys=keys, by=None, now=now).id


def _ballot(session: Session, owner: Owner) -> int:
    """Open, at an event where the owner is."""
    now = clock.now()
    event = making.make_event(session, starts_at=now + timedelta(minutes=5))
    keys = TicketKeys.of(current_app.extensions["club_settings"])
    booking.register(session, event, owner, keys=keys, by=None, now=now)
    names = [ballots.Name("甲"), ballots.Name("乙")]
    wish = ballots.Wish(ballots.Name("票"), names, now, now + timedelta(hours=1))
    return ballots.keep(session, event, None, wish, by=None, now=now).id


def _vehicle(session: Session, owner: Owner) -> int:
    return making.make_vehicle(session, owner).id


def _voucher(session: Session, owner: Owner) -> int:
    return vouching.voucher(session, owner, today=clock.now().date(), on=clock.now().date()).id


def _photo(session: Session, owner: Owner) -> int:
    return workshop.reported(session, owner).id


def _document(session: Session, owner: Owner) -> int:
    """For those with a place alone: the other one of the two is a member as well."""
    place = session.get_one(Registration, _registration(session, owner))
    return filing.filed(session, place.event).id


def _quote(session: Session, owner: Owner) -> int:
    today, now = clock.now().date(), clock.now()
    asked = Asked((Item(100_00, None, ""),))
    priced = quotes.price(session, owner.id, asked, request_id="q", today=today, by=None, now=now)
    quote_sending.send(session, priced, today=today, by=None, now=now)
    return priced.id


THINGS: dict[str, Callable[[Session, Owner], int]] = {
    "document_id": _document,
    "ballot_id": _ballot,
    "registration_id": _registration,
    "photo_id": _photo,
    "quote_id": _quote,
    "vehicle_id": _vehicle,
    "voucher_id": _voucher,
}


def _private(app: Flask) -> list[tuple[str, Rule, str]]:
    """(method, route, hole) of every address that leads to one member's thing."""
    found = []
    for method, rule in doors(app):
        entry = entry_of(app, rule.endpoint)
        if entry is None or entry.kind not in ("all", "account", "member"):
            continue
        names = [name for kind, name in holes(rule) if kind != "any" and name not in NOT_OWN]
        found += [(method, rule, name) for name in names]
    return found


@pytest.fixture
def two(app: Flask) -> tuple[int, int, dict[str, int]]:
    """The accounts of A and B, and the ids of A's things."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        write()
        owner: Owner = making.make_member(db.session, login=False)
        hers: Account = making.make_account(db.session, owner)
        his = making.make_account(db.session, making.make_member(db.session, login=False))
        things = {name: make(db.session, owner) for name, make in THINGS.items()}
        db.session.commit()
        return hers.id, his.id, things


def test_every_id_in_an_address_is_of_a_known_thing(app: Flask) -> None:
    """A new kind of thing needs a maker in THINGS, or a reason in PUBLIC or NAMED_BY."""
    assert {
        (rule.rule, name) for _method, rule, name in _private(app) if name not in THINGS
    } == set()


def test_the_thing_of_another_does_not_exist(
    app: Flask, two: tuple[int, int, dict[str, int]]
) -> None:
    """R60: member B gets 404; red when own_registration forgets to compare the owner."""
    _hers, his, things = two
    stranger = visitor_of(app, his)
    answers = {
        (method, rule.rule): stranger.open(
            address(rule, lambda _kind, name: things.get(name, 1)), method=method
        ).status_code
        for method, rule, _name in _private(app)
    }
    assert {door: status for door, status in answers.items() if status != 404} == {}


def test_ones_own_thing_does_exist(app: Flask, two: tuple[int, int, dict[str, int]]) -> None:
    """Else the walk above would prove nothing."""
    hers, _his, things = two
    owner = visitor_of(app, hers)
    answers = {
        rule.rule: owner.get(address(rule, lambda _kind, name: things.get(name, 1))).status_code
        for method, rule, _name in _private(app)
        if method == "GET"
    }
    assert {path: status for path, status in answers.items() if status != 200} == {}
