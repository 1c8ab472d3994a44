"""Tickets that were seen twice at the same step: a person looks into each (R27)."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from events import check_in
from events.models import CheckIn, Registration
from events.refusals import DoorRefusal
from foundation import audit
from foundation.words import N_

LONGEST_NOTE = 300


def open_query(event_id: int) -> Select[CheckIn]:
    """Second arrivals that nobody has settled, oldest first."""
    return (
        select(CheckIn)
        .join(Registration)
        .where(
            Registration.event_id == event_id,
            CheckIn.flagged,
            CheckIn.undone_at.is_(None),
            CheckIn.settled_at.is_(None),
        )
        .options(
            joinedload(CheckIn.registration).joinedload(Registration.owner),
            joinedload(CheckIn.registration).joinedload(Registration.vehicle),
            joinedload(CheckIn.step),
        )
        .order_by(CheckIn.happened_at, CheckIn.id)
    )


def settled_query(event_id: int) -> Select[CheckIn]:
    """Second arrivals that somebody has settled, newest first."""
    return (
        select(CheckIn)
        .join(Registration)
        .where(Registration.event_id == event_id, CheckIn.settled_at.is_not(None))
        .options(
            joinedload(CheckIn.registration).joinedload(Registration.owner),
            joinedload(CheckIn.step),
        )
        .order_by(CheckIn.settled_at.desc(), CheckIn.id.desc())
    )


def open_count(db: Session, event_id: int) -> int:
    """How many wait for somebody."""
    counted = open_query(event_id).order_by(None).with_only_columns(func.count(CheckIn.id))
    return db.scalar(counted) or 0


def strike_out(db: Session, arrival: CheckIn, *, by: int | None, now: datetime) -> CheckIn:
    """The same person was scanned twice: the second arrival is struck out."""
    _settle(db, arrival, "", by=by, now=now)
    return check_in.undo(db, arrival, by=by, now=now)


def keep(db: Session, arrival: CheckIn, note: str, *, by: int | None, now: datetime) -> CheckIn:
    """Somebody else came with this ticket, or it was let pass: the arrival stays, with a word."""
    if not note.strip():
        raise DoorRefusal(N_("Please say in a word what was found out."))
    return _settle(db, arrival, note.strip()[:LONGEST_NOTE], by=by, now=now)


def _settle(db: Session, arrival: CheckIn, note: str, *, by: int | None, now: datetime) -> CheckIn:
    if not arrival.flagged or arrival.settled_at is not None or arrival.undone_at is not None:
        raise DoorRefusal(N_("This arrival is settled already."))
    arrival.settled_at, arrival.settled_by_id, arrival.settled_note = now, by, note
    kept = bool(note)
    one = arrival.registration_id
    audit.record(db, "check-in.settle", "registration", one, by=by, now=now, kept=kept)
    db.flush()
    return arrival
