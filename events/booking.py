"""Signing up for an event: a place at once, or one in the queue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from events import answers as answering
from events import confirming, eligibility, letters, quotas
from events.answers import Guest
from events.cancelling import cancel
from events.changing import change
from events.models import (
    ACTIVE,
    Event,
    EventSession,
    EventState,
    Quota,
    Registration,
    RegistrationState,
)
from events.refusals import CarAlreadyComes, NotForSignUp
from events.tickets import TicketKeys
from foundation import audit
from foundation.words import N_
from members.models import Owner, Vehicle

# Made once: a rush for places asks them hundreds of times a second.
_LAST = select(
    Event.state,
    select(Registration.made_at)
    .where(Registration.event_id == bindparam("event_id"))
    .order_by(Registration.id.desc())
    .limit(1)
    .scalar_subquery(),
).where(Event.id == bindparam("event_id"))
_INSERT = {
    name: insert(Registration).on_conflict_do_nothing().returning(Registration)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}

__all__ = ["Guest", "Wish", "cancel", "change", "look", "queue_place", "register", "seat"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A sign-up that was looked at and found good; nothing is taken for it yet."""

    event: Event
    owner: Owner
    request: dict[str, Any]
    needs: Mapping[int, int]
    guests: Sequence[Guest]
    answers: Mapping[int, str]
    registration_id: int | None


def register(
    db: Session,
    event: Event,
    owner: Owner,
    *,
    keys: TicketKeys,
    by: int | None,
    now: datetime,
    **wished: Any,
) -> Registration:
    """Look and seat in one go, with the keywords of both."""
    return seat(db, look(db, event, owner, now=now, **wished), keys=keys, by=by, now=now)


def look(
    db: Session,
    event: Event,
    owner: Owner,
    *,
    vehicle: Vehicle | None = None,
    session: EventSession | None = None,
    party_size: int = 1,
    companions: Sequence[Guest] = (),
    answers: Mapping[int, str] | Iterable[tuple[int, str]] = (),
    source: str = "programme",
    as_staff: bool = False,
    now: datetime,
) -> Wish:
    """What signing up would take, refused where the event or the member does not allow it.

    Only reads, so it needs no lock. Staff sign members up until the event is over, on site too.
    """
    standing = eligibility.standing_of(db, event, owner.id, vehicle)
    kept: Mapping[int, str] = {}
    needs: Mapping[int, int] = {}
    if standing.registration_id is None:
        if as_staff:
            eligibility.check_takes_place(event, now=now)
        else:
            eligibility.check_open(db, event, standing, now=now)
        eligibility.check_member(event, standing)
        eligibility.check_car(event, standing, has_car=vehicle is not None)
        eligibility.check_session(event, session)
        eligibility.check_party(event, party_size, companions)
        kept = answering.checked(event, dict(answers))
        needs = quotas.needs_of(
            event,
            event.quotas,
            people=party_size,
            cars=0 if vehicle is None else 1,
            session_id=session.id if session else None,
            tier=standing.tier,
        )
        quotas.check_possible(event.quotas, needs)
    request = {
        "event_id": event.id,
        "owner_id": owner.id,
        "vehicle_id": vehicle.id if vehicle else None,
        "car_key": eligibility.car_key(event, vehicle),
        "session_id": session.id if session else None,
        "party_size": party_size,
        "tier": standing.tier,
        "source": source,
    }
    return Wish(event, owner, request, needs, companions, kept, standing.registration_id)


def seat(
    db: Session, wish: Wish, *, keys: TicketKeys, by: int | None, now: datetime
) -> Registration:
    """Confirmed with a ticket while there is room, else waiting in the queue.

    What could have changed since the look is asked again by the statements that take the places:
    whether the event is still on, whether there is room, whether they are signed up already. A
    second click gives the registration of the first (R19). The letter is in the outbox; words are
    made when it is sent.
    """
    if wish.registration_id is not None:
        return db.get_one(Registration, wish.registration_id)
    registration, is_new = _place(db, wish, now=now)
    if is_new:
        answering.keep(db, registration, wish.guests, wish.answers)
        if registration.state == RegistrationState.CONFIRMED:
            rows = wish.event.quotas
            confirming.welcome(db, registration, rows, keys=keys, is_new=True, now=now)
        else:
            letters.tell(db, registration, "registration-waiting", is_new=True, now=now)
        _note(db, registration, by=by, now=now)
    return registration


def _place(db: Session, wish: Wish, *, now: datetime) -> tuple[Registration, bool]:
    """A place, else a place in the queue; and whether the registration is a new one."""
    needs, event = wish.needs, wish.event
    waits_for: list[int] = []
    if not quotas.take(db, needs):
        held = quotas.hold(db, event.id)
        quotas.check_possible(held, needs)
        waits_for = quotas.hindrances(held, needs)
        if not waits_for:  # places came free in the moment between
            quotas.take_for_waiting(db, needs)
    at = _turn(db, event, now)
    quotas.count_waiting(db, dict.fromkeys(waits_for, 1))
    state = {
        "state": RegistrationState.WAITING if waits_for else RegistrationState.CONFIRMED,
        "queued_at": at if waits_for else None,
        "confirmed_at": None if waits_for else at,
        "waits_for": waits_for,
    }
    made = _insert(db, {**wish.request, **state, "made_at": at})
    if made is not None:
        set_committed_value(made, "event", event)
        set_committed_value(made, "owner", wish.owner)
        return made, True
    quotas.count_waiting(db, dict.fromkeys(waits_for, -1))
    if not waits_for:
        quotas.give_back(db, needs)
    return _first(db, wish.request), False


def _turn(db: Session, event: Event, now: datetime) -> datetime:
    """When this one came, behind everybody who was let in before; the event is still on.

    Asked once the places are held: who began earlier may have waited longer for them, and staff
    may have cancelled the event meanwhile.
    """
    state, came = db.execute(_LAST, {"event_id": event.id}).one()
    if state != EventState.PUBLISHED:
        raise NotForSignUp(N_("This event was cancelled."))
    return max(now, came) if came else now


def _insert(db: Session, values: dict[str, Any]) -> Registration | None:
    """Store a registration unless the member or the car has an active one already."""
    return db.scalars(_INSERT[db.get_bind().dialect.name], [values]).one_or_none()


def _first(db: Session, request: dict[str, Any]) -> Registration:
    """The registration that a click in the same moment made."""
    mine = db.scalar(
        select(Registration).where(
            Registration.event_id == request["event_id"],
            Registration.owner_id == request["owner_id"],
            Registration.state.in_(ACTIVE),
        )
    )
    if mine is None:
        raise CarAlreadyComes(N_("This car is already signed up for the event."))
    return mine


def _note(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    audit.record(
        db,
        "registration.make",
        "registration",
        registration.id,
        by=by,
        now=now,
        event=registration.event_id,
        state=registration.state,
        party=registration.party_size,
    )
    db.flush()


def queue_place(db: Session, registration: Registration) -> int | None:
    """Their place in the queue, first is 1; None for who does not wait.

    Those who wait for another session count only while the whole event is what holds them up.
    """
    if registration.state != RegistrationState.WAITING:
        return None
    ahead = or_(
        Registration.queued_at < registration.queued_at,
        (Registration.queued_at == registration.queued_at) & (Registration.id < registration.id),
    )
    query = select(func.count()).where(
        Registration.event_id == registration.event_id,
        Registration.state == RegistrationState.WAITING,
        ahead,
    )
    if registration.session_id is not None and not _waits_for_all(db, registration):
        query = query.where(Registration.session_id == registration.session_id)
    return (db.scalar(query) or 0) + 1


def _waits_for_all(db: Session, registration: Registration) -> bool:
    query = select(func.count()).where(
        Quota.id.in_(registration.waits_for), Quota.session_id.is_(None)
    )
    return bool(db.scalar(query))
