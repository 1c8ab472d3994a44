"""The queue is served: freed places are offered in order, kept a while, passed on (R20-R24)."""

from datetime import datetime

from sqlalchemy import ColumnElement, Update, update
from sqlalchemy.orm import Session

from events import confirming, deadlines, letters, queueing, quotas
from events.models import Event, EventState, Quota, Registration, RegistrationState
from events.queueing import candidates, hold_up
from events.refusals import NothingFree, OfferEnded, PlanRefused, TooLate
from events.tickets import TicketKeys
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_


def serve(db: Session, event_id: int, *, now: datetime) -> list[Registration]:
    """Offer what is free to those who wait, in order; whoever was offered a place now.

    The first who does not fit holds up those who need the same places (R24). Who is not
    eligible any more, and whom staff let others pass, holds up nobody. Every act that frees
    places calls this in its own transaction, so nobody from outside comes between (R20).
    """
    db.flush()
    event = db.get_one(Event, event_id)
    rows = quotas.hold(db, event_id)
    if not offers_are_made(event, now=now):
        return []
    main = quotas.main_quota(event, rows)
    offered: list[Registration] = []
    blocked: set[int] = set()
    for registration, reason in candidates(db, event):
        hindered = _turn(db, registration, reason, rows, blocked)
        if hindered is None:
            continue
        if not hindered:
            _offer(db, registration, rows, by=None, now=now)
            offered.append(registration)
            rows = quotas.hold(db, event_id)
        blocked.update(hindered)
        if main is not None and main.id in blocked:
            break  # everybody behind needs one of the same places
    db.flush()
    return offered


def offers_are_made(event: Event, *, now: datetime) -> bool:
    """Places are offered while people can sign up, so an offer can end with the sign-up (R23)."""
    return event.state == EventState.PUBLISHED and now <= deadlines.registration_ends(event)


def _turn(
    db: Session,
    registration: Registration,
    reason: str | None,
    rows: list[Quota],
    blocked: set[int],
) -> list[int] | None:
    """What holds this one up; nothing when a place is free; None when others may pass."""
    if registration.skipped_by_id is None:
        registration.skip_reason = reason
    needs = quotas.needs_of_registration(registration, rows)
    hindered = quotas.hindrances(rows, needs, also=blocked, queue_counts=False)
    if reason is not None or (hindered and registration.skipped_by_id is not None):
        hold_up(db, registration, [])
        return None
    if hindered and hindered != registration.waits_for:
        hold_up(db, registration, hindered)
    return hindered


def _offer(
    db: Session, registration: Registration, rows: list[Quota], *, by: int | None, now: datetime
) -> None:
    """Take the places for somebody who waits and ask whether they still want them."""
    if not quotas.take_for_waiting(db, quotas.needs_of_registration(registration, rows)):
        raise NothingFree(N_("There are not enough free places to offer."))
    hold_up(db, registration, [])
    event = registration.event
    registration.state = RegistrationState.OFFERED
    registration.offered_at = now
    registration.offer_until = deadlines.offer_ends(db, event, now=now)
    registration.skip_reason = registration.skipped_by_id = registration.move_reason = None
    letters.tell(
        db,
        registration,
        "offer",
        now=now,
        not_before=min(deadlines.next_waking_moment(db, event, now=now), registration.offer_until),
        not_after=registration.offer_until,
        offer_until=registration.offer_until.isoformat(),
    )
    audit.record(db, "waitlist.offer", "registration", registration.id, by=by, now=now)


def offer_by_hand(
    db: Session, registration: Registration, *, by: int | None, now: datetime
) -> Registration:
    """Staff offer a free place to one who waits, out of turn."""
    queueing.still_waiting(db, registration)
    if not offers_are_made(registration.event, now=now):
        raise TooLate(N_("Sign-up has closed: set a later end of sign-up to offer places."))
    _offer(db, registration, quotas.hold(db, registration.event_id), by=by, now=now)
    db.flush()
    return registration


def skip(
    db: Session, registration: Registration, *, reason: str, by: int, now: datetime
) -> list[Registration]:
    """Staff let others pass one who holds them up; who was offered a place through it.

    The one passed keeps their place in line and is served as soon as their party fits.
    """
    queueing.still_waiting(db, registration)
    registration.skip_reason, registration.skipped_by_id = reason.strip(), by
    hold_up(db, registration, [])
    audit.record(db, "waitlist.skip", "registration", registration.id, by=by, now=now)
    return serve(db, registration.event_id, now=now)


def unskip(db: Session, registration: Registration, *, by: int, now: datetime) -> None:
    """Nobody passes this one any more."""
    queueing.still_waiting(db, registration)
    registration.skip_reason = registration.skipped_by_id = None
    audit.record(db, "waitlist.unskip", "registration", registration.id, by=by, now=now)
    serve(db, registration.event_id, now=now)


def move(
    db: Session,
    registration: Registration,
    place: int,
    *,
    reason: str,
    by: int | None,
    now: datetime,
) -> None:
    """Staff put one who waits at another place in line (1 is first), and say why."""
    if place < 1:
        raise PlanRefused(N_("Please enter a place in the queue, from 1."))
    if not reason.strip():
        raise PlanRefused(N_("Please say why they are moved."))
    queueing.place_at(db, registration, place, reason=reason.strip(), by=by, now=now)
    serve(db, registration.event_id, now=now)


def accept(
    db: Session, registration: Registration, *, keys: TicketKeys, by: int | None, now: datetime
) -> Registration:
    """The offered place is theirs; refused when the offer has run out or was answered (R21)."""
    db.flush()
    rows = quotas.hold(db, registration.event_id)
    in_time = update(Registration).where(
        Registration.id == registration.id,
        Registration.state == RegistrationState.OFFERED,
        Registration.offer_until >= now,
    )
    if not _won(db, in_time, state=RegistrationState.CONFIRMED, confirmed_at=now):
        db.refresh(registration)
        if registration.state == RegistrationState.CONFIRMED:
            return registration
        raise OfferEnded(N_("This offer has ended, and the place has gone to the next in line."))
    db.refresh(registration)
    letters.forget(db, registration)
    confirming.welcome(db, registration, rows, keys=keys, now=now)
    audit.record(db, "waitlist.accept", "registration", registration.id, by=by, now=now)
    db.flush()
    return registration


def decline(db: Session, registration: Registration, *, by: int | None, now: datetime) -> None:
    """They do not want the offered place; it goes to the next in the same moment (R21)."""
    _end_offer(
        db, registration, RegistrationState.DECLINED, Registration.offer_until.is_not(None), now
    )
    audit.record(db, "waitlist.decline", "registration", registration.id, by=by, now=now)
    serve(db, registration.event_id, now=now)


def expire(db: Session, registration: Registration, *, now: datetime) -> None:
    """Nobody answered in time: the place goes to the next; refused while the offer lives."""
    _end_offer(db, registration, RegistrationState.EXPIRED, Registration.offer_until < now, now)
    letters.tell(db, registration, "offer-expired", now=now)
    audit.record(db, "waitlist.expire", "registration", registration.id, by=None, now=now)
    serve(db, registration.event_id, now=now)


def _end_offer(
    db: Session,
    registration: Registration,
    state: RegistrationState,
    guard: ColumnElement[bool],
    now: datetime,
) -> None:
    db.flush()
    rows = quotas.hold(db, registration.event_id)
    ended = update(Registration).where(
        Registration.id == registration.id,
        Registration.state == RegistrationState.OFFERED,
        guard,
    )
    if not _won(db, ended, state=state, ended_at=now):
        db.refresh(registration)
        raise OfferEnded(N_("This offer has already ended."))
    db.refresh(registration)
    letters.forget(db, registration)
    quotas.give_back(db, quotas.needs_of_registration(registration, rows))


def _won(db: Session, statement: Update, **values: object) -> bool:
    """Whether this one of several racing answers changed the row."""
    quiet = statement.values(**values).execution_options(synchronize_session=False)
    return rows_changed(db, quiet) == 1
