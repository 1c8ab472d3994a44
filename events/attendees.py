"""Who signed up, as staff read it: lists, and lines for a sheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from events.models import (
    Answer,
    CheckIn,
    Event,
    Registration,
    RegistrationState,
)
from foundation.sheets.writing import Value
from foundation.words import N_
from members import lists_taken
from members.finding import owners_like
from members.lists_taken import Taking
from members.models import MemberFacts, Owner, Vehicle
from members.phones import masked

PAGE = 100
LINE = 500
HEADERS = (
    N_("Member number"),
    N_("Name"),
    N_("Mobile"),
    N_("Tier"),
    N_("State"),
    N_("Persons"),
    N_("Companions"),
    N_("Car"),
    N_("Plate"),
    N_("Slot"),
    N_("Signed up on"),
    N_("Arrived"),
)


def attendees_query(event_id: int, *states: RegistrationState) -> Select[Registration]:
    """Registrations of an event with all that a list shows of them."""
    return (
        select(Registration)
        .join(Registration.owner)
        .where(Registration.event_id == event_id, Registration.state.in_(states))
        .options(
            joinedload(Registration.owner).joinedload(Owner.membership),
            joinedload(Registration.vehicle),
            joinedload(Registration.session),
            joinedload(Registration.ticket),
            selectinload(Registration.companions),
            selectinload(Registration.answers).joinedload(Answer.question),
        )
    )


def by_name(
    db: Session, event_id: int, *states: RegistrationState, words: str = "", after: int = 0
) -> list[Registration]:
    """A page of attendees by name, those after the registration `after`; one more than a page."""
    query = attendees_query(event_id, *states)
    if words.strip():
        query = query.where(_meant(words))
    start = db.get(Registration, after) if after else None
    if start is not None:
        key = start.owner.name_sort
        query = query.where(
            or_(Owner.name_sort > key, (Owner.name_sort == key) & (Registration.id > start.id))
        )
    return list(db.scalars(query.order_by(Owner.name_sort, Registration.id).limit(PAGE + 1)))


def in_line(db: Session, event_id: int) -> list[Registration]:
    """Who waits, first come first."""
    query = attendees_query(event_id, RegistrationState.WAITING)
    return list(db.scalars(query.order_by(Registration.queued_at, Registration.id).limit(LINE)))


def _meant(words: str) -> Any:
    """Whoever is meant by a name, a number or a plate, also that of the car they come with."""
    tight = "".join(words.split()).replace("·", "").upper()
    cars = select(Vehicle.id).where(Vehicle.plate.contains(tight, autoescape=True))
    return or_(owners_like(words), Registration.vehicle_id.in_(cars))


def everybody(db: Session, event_id: int, *states: RegistrationState) -> Iterator[Registration]:
    """All attendees by name, for paper and for a sheet."""
    query = attendees_query(event_id, *states).order_by(Owner.name_sort, Registration.id)
    yield from db.scalars(query)


def arrivals_of(db: Session, registration_ids: Sequence[int]) -> dict[int, list[CheckIn]]:
    """Where each of these was seen, first come first; what was struck out does not count."""
    found: dict[int, list[CheckIn]] = {one: [] for one in registration_ids}
    for arrival in db.scalars(
        select(CheckIn)
        .where(CheckIn.registration_id.in_(registration_ids), CheckIn.undone_at.is_(None))
        .order_by(CheckIn.happened_at, CheckIn.id)
    ):
        found[arrival.registration_id].append(arrival)
    return found


def tiers_of(db: Session, owner_ids: Sequence[int]) -> dict[int, str]:
    """The tier of each of these owners."""
    rows = db.execute(
        select(MemberFacts.owner_id, MemberFacts.tier).where(MemberFacts.owner_id.in_(owner_ids))
    ).all()
    return {row.owner_id: row.tier for row in rows}


def sheet(db: Session, event: Event, *, phones: bool) -> tuple[list[str], list[Sequence[Value]]]:
    """The questions and the rows of everybody with a place or in the queue."""
    states = (
        RegistrationState.CONFIRMED,
        RegistrationState.OFFERED,
        RegistrationState.WAITING,
    )
    found = list(everybody(db, event.id, *states))
    arrivals = arrivals_of(db, [one.id for one in found])
    tiers = tiers_of(db, [one.owner_id for one in found])
    rows = [
        _line(event, one, tiers.get(one.owner_id, "general"), arrivals[one.id], phones=phones)
        for one in found
    ]
    return [question.text_zh for question in event.questions], rows


def record_export(
    db: Session, event: Event, taking: Taking, *, rows: int, by: int, now: datetime
) -> None:
    """The audit entry without which no list leaves: who took it and why (R67)."""
    lists_taken.note(db, "event.export", "event", event.id, taking, rows=rows, by=by, now=now)


def _line(
    event: Event, one: Registration, tier: str, arrivals: Sequence[CheckIn], *, phones: bool
) -> Sequence[Value]:
    zone = event.shop.zone
    phone = one.owner.phone or ""
    answers = {answer.question_id: answer.text for answer in one.answers}
    return (
        one.owner.membership.number if one.owner.membership else "",
        one.owner.name,
        phone if phones or not phone else masked(phone),
        tier,
        one.state.value,
        one.party_size,
        " ".join(guest.name for guest in one.companions if guest.name),
        one.vehicle.model if one.vehicle else "",
        (one.vehicle.plate or "") if one.vehicle else "",
        f"{one.session.starts_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.session else "",
        f"{one.made_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{arrivals[0].happened_at.astimezone(zone):%Y-%m-%d %H:%M}" if arrivals else "",
        *(answers.get(question.id, "") for question in event.questions),
    )
