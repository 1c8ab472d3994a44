"""Events are planned, published, changed, moved and cancelled."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from events import notices, planning, quotas, shifting, terms, waitlist
from events.checks import placing
from events.deadlines import registration_ends
from events.models import (
    ACTIVE,
    Event,
    EventKind,
    EventState,
    Quota,
    QuotaKind,
    Registration,
    RegistrationState,
    Ticket,
    Unit,
)
from events.planning import Plan
from events.refusals import PlanRefused
from foundation import audit
from foundation.shop import Shop
from foundation.words import N_

MOVES = ("starts_at", "ends_at", "place_zh", "address")


def draft(
    db: Session, shop: Shop, kind: EventKind, plan: Plan, *, by: int | None, now: datetime
) -> Event:
    """A new event that only staff see, with room for as many as come until somebody counts."""
    planning.check(plan)
    event = Event(
        shop=shop,
        kind=kind,
        uid=str(uuid.uuid4()),
        created_at=now,
        created_by_id=by,
        **plan.values(),
    )
    event.quotas.append(Quota(kind=unit_quota(plan.unit)))
    db.add(event)
    db.flush()
    terms.keep_wording(db, event, now=now)
    audit.record(db, "event.draft", "event", event.id, by=by, now=now)
    return event


def unit_quota(unit: Unit) -> QuotaKind:
    """The kind of quota that counts an event's unit."""
    return QuotaKind.PEOPLE if unit == Unit.PERSON else QuotaKind.CARS


def publish(db: Session, event: Event, *, by: int | None, now: datetime) -> Event:
    """The event is in the programme and takes sign-ups as planned."""
    if event.state != EventState.DRAFT:
        raise PlanRefused(N_("Only a draft can be published."))
    planning.check(Plan.of(event))
    if event.ends_at <= now:
        raise PlanRefused(N_("This event lies in the past: give it a new date first."))
    if registration_ends(event) <= now:
        raise PlanRefused(N_("Sign-up would already be closed: set a later end of sign-up."))
    event.state, event.published_at = EventState.PUBLISHED, now
    _note(db, event, "event.publish", by, now)
    return event


def change(db: Session, event: Event, plan: Plan, *, by: int | None, now: datetime) -> Event:
    """The event follows another plan; whoever signed up gets one notice when it moved (R29)."""
    if event.state == EventState.CANCELLED:
        raise PlanRefused(N_("A cancelled event cannot be changed; copy it instead."))
    planning.check(plan)
    before = Plan.of(event)
    if plan == before:
        return event
    if plan.unit != event.unit:
        _change_unit(db, event, plan.unit)
    for name, value in plan.values().items():
        setattr(event, name, value)
    if (plan.terms_zh, plan.terms_en) != (before.terms_zh, before.terms_en):
        terms.keep_wording(db, event, now=now)
    if plan.starts_at != before.starts_at:
        shifting.shift_along(db, event, plan.starts_at - before.starts_at, now=now)
    moved = any(getattr(before, name) != getattr(plan, name) for name in MOVES)
    changed = [name for name, value in plan.values().items() if getattr(before, name) != value]
    _note(db, event, "event.change", by, now, changed=changed)
    if moved and event.state == EventState.PUBLISHED:
        event.sequence += 1
        notices.event_moved(db, event, now=now)
    if event.state == EventState.PUBLISHED:
        waitlist.serve(db, event.id, now=now)
    return event


def _change_unit(db: Session, event: Event, unit: Unit) -> None:
    """Count cars instead of people, or the other way round, before anybody signed up."""
    if db.scalar(select(Registration.id).where(Registration.event_id == event.id).limit(1)):
        raise PlanRefused(N_("People have signed up: what takes a place cannot change any more."))
    kinds = {quota.kind: quota for quota in event.quotas}
    if unit_quota(unit) not in kinds:
        kinds[unit_quota(event.unit)].kind = unit_quota(unit)


def cancel(db: Session, event: Event, *, reason: str, by: int | None, now: datetime) -> Event:
    """The event does not take place: everybody who signed up is told, all places are given back.

    Letters bring the entry for the calendar with METHOD:CANCEL (R29); nobody is a no-show (R31).
    A draft is given up: nobody saw it, nobody will, and it needs no reason.
    """
    if event.state == EventState.CANCELLED:
        return event
    if event.ends_at <= now:
        raise PlanRefused(N_("This event is over; it cannot be cancelled any more."))
    if event.state == EventState.PUBLISHED and not reason:
        raise PlanRefused(N_("Please say why: members will read it."))
    quotas.hold(db, event.id)  # whoever is just taking a place is done, and is told as well
    was_published = event.state == EventState.PUBLISHED
    event.state, event.cancelled_at = EventState.CANCELLED, now
    event.cancel_reason = reason or None
    event.sequence += 1
    _note(db, event, "event.cancel", by, now)
    if was_published:
        notices.event_cancelled(db, event, now=now)
        placing.clear(db, event.id)
        _end_registrations(db, event, now)
    return event


def _end_registrations(db: Session, event: Event, now: datetime) -> None:
    active = select(Registration.id).where(
        Registration.event_id == event.id, Registration.state.in_(ACTIVE)
    )
    db.execute(
        update(Ticket)
        .where(Ticket.event_id == event.id, Ticket.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    db.execute(
        update(Registration)
        .where(Registration.id.in_(active))
        .values(
            state=RegistrationState.CANCELLED,
            ended_at=now,
            ended_by="event",
            offer_until=None,
            waits_for=[],
        )
        .execution_options(synchronize_session="fetch")
    )
    db.execute(
        update(Quota)
        .where(Quota.event_id == event.id)
        .values(taken=0, waiting=0)
        .execution_options(synchronize_session="fetch")
    )


def _note(
    db: Session, event: Event, act: str, by: int | None, now: datetime, **details: Any
) -> None:
    """A new version for whoever keeps the page, and an entry in the audit trail."""
    event.version += 1
    audit.record(db, act, "event", event.id, by=by, now=now, version=event.version, **details)
    db.flush()
