"""How many places there are: none is unlimited, 0 closed, N exactly N (R17)."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import quotas, waitlist
from events.models import Event, EventSession, EventState, Quota, QuotaKind, Registration
from events.models import RegistrationState as State
from events.refusals import PlanRefused
from foundation import audit
from foundation.words import N_

Choice = tuple[int, str]  # a question's id, and one of its choices


def set_capacity(
    db: Session,
    event: Event,
    kind: QuotaKind,
    capacity: int | None,
    *,
    session: EventSession | None = None,
    tier: str | None = None,
    choice: Choice | None = None,
    by: int | None,
    now: datetime,
) -> Quota:
    """Set the places of one kind; lowering cancels nobody and may leave it overbooked (R17).

    What comes free is offered to those who wait. A new count begins with who already signed up.
    """
    if capacity is not None and capacity < 0:
        raise PlanRefused(N_("Places cannot be below zero."))
    db.flush()
    rows = quotas.hold(db, event.id)
    which = {
        "kind": kind,
        "session_id": session.id if session else None,
        "tier": tier,
        "question_id": choice[0] if choice else None,
        "choice": choice[1] if choice else None,
    }
    quota = _found(rows, which)
    if quota is not None and quota.capacity == capacity:
        return quota
    was = quota.capacity if quota else None
    if quota is None:
        quota = _new(db, event, which)
    quota.capacity = capacity
    event.version += 1
    audit.record(
        db, "event.capacity", "event", event.id, by=by, now=now, kind=kind, was=was, set=capacity
    )
    db.flush()
    if event.state == EventState.PUBLISHED:
        waitlist.serve(db, event.id, now=now)
    return quota


def _found(rows: list[Quota], which: dict[str, Any]) -> Quota | None:
    return next(
        (row for row in rows if all(getattr(row, name) == one for name, one in which.items())),
        None,
    )


def _new(db: Session, event: Event, which: dict[str, Any]) -> Quota:
    quota = Quota(taken=0, **which)
    event.quotas.append(quota)
    db.flush()
    held = select(Registration).where(
        Registration.event_id == event.id,
        Registration.state.in_((State.CONFIRMED, State.OFFERED)),
    )
    counted: Counter[int] = Counter()
    for registration in db.scalars(held):
        counted.update(quotas.needs_of_registration(registration, [quota]))
    quota.taken = counted[quota.id]
    return quota
