"""Makings for the desk pages: somebody signed in, an event with people, what stands afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from events import booking
from events.models import Event, Registration
from events.tickets import TicketKeys
from foundation import clock
from foundation.web.database import db, write
from tests.browsing import TOKEN, fresh
from tests.events.typing import Fields, fields_of
from tests.making import make_event, make_member


def stored(app: Flask, make: Callable[[Session], Any]) -> Any:
    """What `make` makes, committed; its id."""
    with app.app_context():
        write()
        made = make(db.session)
        db.session.commit()
        return made.id


def now() -> datetime:
    return clock.now()


def make_running(session: Session, *, places: int | None = 10, **fields: Any) -> Event:
    """An event that begins in an hour, so that its door is open."""
    return make_event(
        session,
        places=places,
        starts_at=now().replace(second=0, microsecond=0) + timedelta(hours=1),
        **fields,
    )


def sign_up(
    app: Flask, event_id: int, name: str, *, party: int = 1, vehicle: Any = None
) -> Registration:
    """A member with a place, or in the queue."""
    with app.app_context():
        write()
        event = db.session.get_one(Event, event_id)
        keys = TicketKeys.of(app.extensions["club_settings"])
        made = booking.register(
            db.session,
            event,
            make_member(db.session, name),
            party_size=party,
            keys=keys,
            by=None,
            now=now(),
        )
        assert made.ticket is None or made.ticket.code
        assert made.owner.name == name
        db.session.commit()
        return made


def event_of(session: Session, event_id: int) -> Event:
    return session.scalars(select(Event).where(Event.id == event_id)).one()


def newest_event(app: Flask) -> Event:
    """The event that was made last, with a session that stays open."""
    session = fresh(app)
    return session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()


def open_form(client: FlaskClient, url: str) -> Fields:
    """The editor's form as it stands on its page."""
    return fields_of(client.get(url).get_data(as_text=True))


def act(client: FlaskClient, url: str, **fields: str) -> TestResponse:
    """Press a button whose form holds these fields."""
    found = TOKEN.search(client.get("/desk/check-in").get_data(as_text=True))
    assert found
    return client.post(url, data={"csrf_token": found[1], **fields})
