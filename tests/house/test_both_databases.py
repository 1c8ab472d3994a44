"""Every page is a page on PostgreSQL too, where reading has no transaction around it."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient

from app import create_app
from events import booking
from events.tickets import TicketKeys
from foundation import clock
from foundation.roles import Role
from foundation.settings import Settings
from foundation.web.database import db, write
from tests import making
from tests.browsing import send
from tests.club import vouching
from tests.entering import at_desk
from tests.house.walking import address, doors

EXPORTS = ["/desk/members/export", "/desk/events/{event_id}/export"]


@pytest.fixture
def grown_up(settings: Settings, postgresql_url: str) -> Iterator[Flask]:
    """The club on PostgreSQL."""
    made = create_app(dataclasses.replace(settings, database_url=postgresql_url))
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def ids(grown_up: Flask) -> dict[str, int]:
    """A member with a car, a voucher and a place at an event: the ids that addresses hold."""
    with grown_up.app_context():
        write()
        now, member = clock.now(), making.make_member(db.session, login=False)
        event = making.make_event(db.session, starts_at=now + timedelta(days=14))
        keys = TicketKeys.of(current_app.extensions["club_settings"])
        registration = booking.register(db.session, event, member, keys=keys, by=None, now=now)
        voucher = vouching.voucher(db.session, member, today=now.date(), on=now.date())
        found = {"owner_id": member.id, "event_id": event.id, "kind_id": voucher.kind_id}
        found |= {"registration_id": registration.id, "voucher_id": voucher.id}
        found |= {"vehicle_id": making.make_vehicle(db.session, member).id}
        db.session.commit()
        return found


@pytest.fixture
def boss(grown_up: Flask, ids: dict[str, int]) -> FlaskClient:
    return at_desk(grown_up, *Role)


@pytest.mark.timeout(300)
def test_every_desk_page_is_read(grown_up: Flask, boss: FlaskClient, ids: dict[str, int]) -> None:
    """Red when a page asks for a cursor at the server, as yield_per does"""
    pages = [rule for method, rule in doors(grown_up) if method == "GET" and "/desk" in rule.rule]
    urls = {address(rule, lambda _kind, name: ids.get(name, 1)) for rule in pages}
    answers = {url: boss.get(url).status_code for url in sorted(urls)}
    assert {url: status for url, status in answers.items() if status >= 500} == {}
    assert answers[f"/desk/events/{ids['event_id']}/door-list"] == 200


@pytest.mark.parametrize("url", EXPORTS)
def test_a_list_is_exported(boss: FlaskClient, ids: dict[str, int], url: str) -> None:
    """R61: red when the rows come through a cursor at the server"""
    answer = send(boss, url.format(**ids), reason="mailing", form="csv")
    assert (answer.status_code, answer.data[:3]) == (200, b"\xef\xbb\xbf")
