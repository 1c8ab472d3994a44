"""Loading what a page shows, or answering 404: what is not yours does not exist (R60)."""

from collections.abc import Sequence
from datetime import date

from flask import abort, current_app
from flask_login import current_user
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import joinedload

from events import visibility
from events.models import Event, Registration
from events.tickets import TicketKeys
from foundation import clock
from foundation.settings import Settings
from foundation.web.database import db
from members.models import CompanyPerson, Ownership, Vehicle

# Made once: a rush for places asks them hundreds of times a second.
_EVENT = (
    select(Event)
    .where(Event.id == bindparam("event_id"))
    .options(joinedload(Event.kind), joinedload(Event.questions))
)
_COMPANIES = select(CompanyPerson.company_id).where(CompanyPerson.person_id == bindparam("mine"))
_CARS = (
    select(Vehicle)
    .join(Ownership)
    .where(
        Ownership.until_on.is_(None),
        or_(Ownership.owner_id == bindparam("mine"), Ownership.owner_id.in_(_COMPANIES)),
    )
    .order_by(Ownership.id)
)


def published_event(event_id: int) -> Event:
    """An event that was published, also when it was cancelled since; a hidden one is there only
    for who may come to it."""
    found = db.session.scalars(_EVENT, {"event_id": event_id})
    event = found.unique().one_or_none()
    if event is None or not event.was_public:
        abort(404)
    if event.hidden and not visibility.may_see(db.session, event, reader_id()):
        abort(404)
    return event


def reader_id() -> int | None:
    """The owner who reads; None for strangers and staff."""
    return current_user.owner_id if current_user.is_authenticated else None


def own_registration(registration_id: int) -> Registration:
    """A registration of the reader."""
    found = db.session.get(Registration, registration_id)
    if found is None or found.owner_id != current_user.owner_id:
        abort(404)
    return found


def own_cars() -> Sequence[Vehicle]:
    """The reader's cars, and those of a company that they are a contact or driver of."""
    return cars_of(current_user.owner_id)


def cars_of(mine: int) -> Sequence[Vehicle]:
    """An owner's cars, and those of a company that they are a contact or driver of."""
    return db.session.scalars(_CARS, {"mine": mine}).all()


def club_settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["club_settings"]
    return found


def shop_today() -> date:
    """The shop's day, as this page is read."""
    return clock.shop_day(clock.now(), club_settings().zone)


def ticket_keys() -> TicketKeys:
    """The keys that seal and find this club's tickets."""
    return TicketKeys.of(club_settings())
