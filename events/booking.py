"""Signing up for an event: a place at once, or one in the queue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from events import answers as answering
from events import (
    choices,
    confirming,
    eligibility,
    entering,
    letters,
    papers,
    parties,
    quotas,
    terms,
)
from events.answers import Guest
from events.cancelling import cancel
from events.changing import change
from events.models import (
    Event,
    EventSession,
    Quota,
    Registration,
    RegistrationState,
)
from events.tickets import TicketKeys
from foundation import audit, together
from foundation.together import NewRow
from members.models import Owner, Vehicle

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
    licence_until: date | None = None


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
    accepted: int | None = None,
    licence_until: date | None = None,
    source: str = "programme",
    as_staff: bool = False,
    now: datetime,
) -> Wish:
    """What signing up would take, refused where the event or the member does not allow it.

    Only reads, so it needs no lock. Staff sign members up until the event is over, on site too.
    `accepted` is the version of the terms that was read and ticked.
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
        papers.check(event, vehicle, licence_until or owner.licence_until)
        parties.check_party(event, party_size, companions)
        terms.check(event, accepted)
        kept = answering.checked(event, dict(answers))
        needs = quotas.needs_of(
            event,
            event.quotas,
            people=party_size,
            cars=0 if vehicle is None else 1,
            session_id=session.id if session else None,
            tier=standing.tier,
            answers=kept,
        )
        quotas.check_possible(event.quotas, needs)
        choices.check(event, event.quotas, needs)
    request = {
        "event_id": event.id,
        "owner_id": owner.id,
        "vehicle_id": vehicle.id if vehicle else None,
        "car_key": eligibility.car_key(event, vehicle),
        "session_id": session.id if session else None,
        "party_size": party_size,
        "tier": standing.tier,
        "source": source,
        "terms_version": terms.asked(event),
    }
    mine = standing.registration_id
    return Wish(event, owner, request, needs, companions, kept, mine, licence_until)


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
    registration, is_new = entering.enter(
        db, wish.event, wish.owner, wish.request, wish.needs, now=now
    )
    if is_new:
        answering.keep(db, registration, wish.guests, wish.answers)
        papers.keep_licence(db, wish.owner, wish.licence_until, by=by, now=now)
        together.store(db, _news(db, registration, wish.event, keys=keys, by=by, now=now))
        db.flush()
    return registration


def _news(
    db: Session,
    registration: Registration,
    event: Event,
    *,
    keys: TicketKeys,
    by: int | None,
    now: datetime,
) -> list[NewRow]:
    """What a new registration leaves behind: the note, the letter, the ticket."""
    note = audit.entry(
        "registration.make",
        "registration",
        registration.id,
        by=by,
        now=now,
        event=registration.event_id,
        state=registration.state,
        party=registration.party_size,
    )
    if registration.state == RegistrationState.CONFIRMED:
        return [note, *confirming.first_rows(db, registration, event.quotas, keys=keys, now=now)]
    return [note, letters.first_row(db, registration, "registration-waiting", now=now)]


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
