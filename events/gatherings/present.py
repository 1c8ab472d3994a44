"""Who is there: a confirmed registration that was seen at the door or at a step."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload

from events.models import CheckIn, CheckInStep, Registration, RegistrationState
from members.models import Owner


def voter_of(registration: Registration) -> str:
    """Who counts as one: the car, or the registration of who came without one."""
    if registration.vehicle_id is None:
        return f"registration:{registration.id}"
    return f"car:{registration.vehicle_id}"


def is_here(db: Session, registration: Registration) -> bool:
    """Whether they were checked in anywhere."""
    seen = select(CheckIn.id).where(
        CheckIn.registration_id == registration.id, CheckIn.undone_at.is_(None)
    )
    return (
        registration.state == RegistrationState.CONFIRMED and db.scalar(seen.limit(1)) is not None
    )


def here_query(event_id: int) -> Select[Registration]:
    """Everybody who was checked in, by name."""
    seen = exists().where(CheckIn.registration_id == Registration.id, CheckIn.undone_at.is_(None))
    return (
        select(Registration)
        .join(Owner, Owner.id == Registration.owner_id)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
            seen,
        )
        .options(
            joinedload(Registration.owner).joinedload(Owner.membership),
            joinedload(Registration.vehicle),
        )
        .order_by(Owner.name_sort, Registration.id)
    )


def in_order_at(db: Session, event_id: int, step: CheckInStep | None) -> Sequence[Registration]:
    """Those who were seen at a step (None: at the door), first come first."""
    first = (
        select(
            CheckIn.registration_id.label("registration_id"),
            func.min(CheckIn.happened_at).label("at"),
        )
        .where(
            CheckIn.step_id.is_(None) if step is None else CheckIn.step_id == step.id,
            CheckIn.undone_at.is_(None),
        )
        .group_by(CheckIn.registration_id)
        .subquery()
    )
    return db.scalars(
        select(Registration)
        .join(first, first.c.registration_id == Registration.id)
        .where(
            Registration.event_id == event_id,
            Registration.state == RegistrationState.CONFIRMED,
        )
        .options(joinedload(Registration.owner), joinedload(Registration.vehicle))
        .order_by(first.c.at, Registration.id)
    ).all()
