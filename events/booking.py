"""Signing up for an event: a place at once, or one in the queue."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

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

__all__ = ["Guest", "cancel", "change", "queue_place", "register"]


def register(
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
    keys: TicketKeys,
    by: int | None,
    now: datetime,
) -> Registration:
    """Confirmed with a ticket while there is room, else waiting in the queue.

    Staff sign members up until the event is over, on site too.

    A second click gives the registration of the first (R19). The letter is in the outbox; words
    are made when it is sent.
    """
    standing = eligibility.standing_of(db, event, owner.id, vehicle)
    if standing.registration_id is not None:
        return db.get_one(Registration, standing.registration_id)
    if as_staff:
        eligibility.check_takes_place(event, now=now)
    else:
        eligibility.check_open(db, event, standing, now=now)
    eligibility.check_member(event, standing)
    eligibility.check_car(event, standing, has_car=vehicle is not None)
    eligibility.check_session(event, session)
    eligibility.check_party(event, party_size, companions)
    kept = answering.checked(event, dict(answers))
    request = {
        "event_id": event.id,
        "owner_id": owner.id,
        "vehicle_id": vehicle.id if vehicle else None,
        "car_key": eligibility.car_key(event, vehicle),
        "session_id": session.id if session else None,
        "party_size": party_size,
        "tier": standing.tier,
        "source": source,
        "made_at": now,
    }
    registration, is_new = _place(db, event, request, now=now)
    if is_new:
        answering.keep(db, registration, companions, kept)
        if registration.state == RegistrationState.CONFIRMED:
            confirming.welcome(db, registration, event.quotas, keys=keys, now=now)
        else:
            letters.tell(db, registration, "registration-waiting", now=now)
        _note(db, registration, by=by, now=now)
    return registration


def _place(
    db: Session, event: Event, request: dict[str, Any], *, now: datetime
) -> tuple[Registration, bool]:
    """A place, else a place in the queue; and whether the registration is a new one."""
    needs = quotas.needs_of(
        event,
        event.quotas,
        people=request["party_size"],
        cars=0 if request["vehicle_id"] is None else 1,
        session_id=request["session_id"],
        tier=request["tier"],
    )
    quotas.check_possible(event.quotas, needs)
    waits_for: list[int] = []
    if not quotas.take(db, needs):
        held = quotas.hold(db, event.id)
        quotas.check_possible(held, needs)
        waits_for = quotas.hindrances(held, needs)
        if not waits_for:  # places came free in the moment between
            quotas.take_for_waiting(db, needs)
    at = _turn(db, event, now)
    quotas.count_waiting(db, dict.fromkeys(waits_for, 1))
    state = (
        {"state": RegistrationState.WAITING, "queued_at": at, "waits_for": waits_for}
        if waits_for
        else {"state": RegistrationState.CONFIRMED, "confirmed_at": at}
    )
    made = db.scalars(_insert(db, {**request, **state, "made_at": at})).one_or_none()
    if made is not None:
        return made, True
    quotas.count_waiting(db, dict.fromkeys(waits_for, -1))
    if not waits_for:
        quotas.give_back(db, needs)
    return _first(db, request), False


def _turn(db: Session, event: Event, now: datetime) -> datetime:
    """When this one came, behind everybody who was let in before; the event is still on.

    Asked once the places are held: who began earlier may have waited longer for them, and staff
    may have cancelled the event meanwhile.
    """
    last = (
        select(Registration.made_at)
        .where(Registration.event_id == event.id)
        .order_by(Registration.id.desc())
        .limit(1)
    )
    state, came = db.execute(
        select(Event.state, last.scalar_subquery()).where(Event.id == event.id)
    ).one()
    if state != EventState.PUBLISHED:
        raise NotForSignUp(N_("This event was cancelled."))
    return max(now, came) if came else now


def _insert(db: Session, values: dict[str, Any]) -> ReturningInsert[Registration]:
    """Store a registration unless the member or the car has an active one already."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(Registration).values(values).on_conflict_do_nothing().returning(Registration)


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
