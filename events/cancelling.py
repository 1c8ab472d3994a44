"""Giving a place back, or leaving the queue."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from events import deadlines, letters, quotas, tickets, waitlist
from events.checks import placing
from events.models import ACTIVE, Registration, RegistrationState
from events.queueing import hold_up
from events.refusals import NotActive, TooLate
from foundation import audit
from foundation.database import rows_changed
from foundation.words import N_

HELD = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)


def cancel(
    db: Session,
    registration: Registration,
    *,
    as_staff: bool = False,
    by: int | None,
    now: datetime,
) -> Registration:
    """End a registration: its places are offered to those who wait in the same transaction.

    Members cancel until the deadline and leave the queue at any time; staff cancel at any time,
    which never counts as a no-show (R26, R31). An offer ends with it (R22).
    """
    db.flush()
    rows = quotas.hold(db, registration.event_id)
    db.refresh(registration)
    before = registration.state
    if before not in ACTIVE:
        raise NotActive(N_("This registration has already ended."))
    late = now > deadlines.cancelling_ends(registration.event)
    if late and not as_staff and before == RegistrationState.CONFIRMED:
        raise TooLate(N_("It is too late to cancel here. Please call us."))
    hold_up(db, registration, [])
    _end(db, registration, before, "staff" if as_staff else "owner", now)
    if before in HELD:
        needs = quotas.needs_of_registration(registration, rows)
        quotas.give_back(db, {**needs, **quotas.gift_of(registration, rows)})
    placing.leave(db, registration)
    tickets.revoke(db, registration.id, now=now)
    letters.forget(db, registration)
    letters.tell(db, registration, "registration-cancelled", now=now, by_staff=as_staff)
    audit.record(
        db, "registration.cancel", "registration", registration.id, by=by, now=now, was=before
    )
    db.flush()
    waitlist.serve(db, registration.event_id, now=now)
    return registration


def _end(
    db: Session, registration: Registration, before: RegistrationState, who: str, now: datetime
) -> None:
    """Turn the row once, whoever else tries (R22)."""
    statement = (
        update(Registration)
        .where(Registration.id == registration.id, Registration.state == before)
        .values(
            state=RegistrationState.CANCELLED,
            ended_at=now,
            ended_by=who,
            offer_until=None,
            sequence=Registration.sequence + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if rows_changed(db, statement) != 1:
        raise NotActive(N_("This registration has already ended."))
    db.flush()
    db.refresh(registration)
