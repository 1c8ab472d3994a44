"""How many are expected and how many are here: at the door, at each step, in each slot."""

from dataclasses import dataclass

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from events.models import CheckIn, Registration, RegistrationState


@dataclass(frozen=True, slots=True)
class Door:
    """Who is expected, and how many were seen at the door (step None) and at each step."""

    expected: int
    people: int
    seen: dict[int | None, int]
    people_seen: int


def door_of(db: Session, event_id: int) -> Door:
    """The numbers of the door as they are now."""
    confirmed = (
        Registration.event_id == event_id,
        Registration.state == RegistrationState.CONFIRMED,
    )
    expected, people = db.execute(
        select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(*confirmed)
    ).one()
    rows = db.execute(
        select(CheckIn.step_id, func.count(distinct(CheckIn.registration_id)))
        .join(Registration)
        .where(*confirmed, CheckIn.undone_at.is_(None))
        .group_by(CheckIn.step_id)
    ).all()
    here = select(CheckIn.registration_id).where(CheckIn.undone_at.is_(None))
    counted = case((Registration.id.in_(here), Registration.party_size), else_=0)
    people_seen = db.scalar(select(func.coalesce(func.sum(counted), 0)).where(*confirmed))
    return Door(expected, people, dict(rows), people_seen or 0)


@dataclass(frozen=True, slots=True)
class InSlot:
    """Sign-ups of one slot, and those of them who were seen anywhere."""

    expected: int
    here: int


def slots_of(db: Session, event_id: int) -> dict[int, InSlot]:
    """The same for each slot of an event, by the slot's id."""
    here = select(CheckIn.registration_id).where(CheckIn.undone_at.is_(None))
    rows = db.execute(
        select(
            Registration.session_id,
            func.count(),
            func.sum(case((Registration.id.in_(here), 1), else_=0)),
        )
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.session_id.is_not(None),
        )
        .group_by(Registration.session_id)
    )
    return {slot: InSlot(expected, int(seen)) for slot, expected, seen in rows}
