"""From the invitation to the day: members who were invited, signed up, had a place and came.

A member counts once, whatever was cancelled and signed up again. Who had a place is who has one
to the end; who came had a place and was seen at the door or at a step.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, select, union
from sqlalchemy.orm import Session, aliased

from events import figures
from events.models import (
    CheckIn,
    Event,
    EventInvitee,
    NoShow,
    NoShowState,
    Registration,
    RegistrationState,
)
from members.models import Interest, MemberFacts, OwnerInterest, Ownership, Vehicle


@dataclass(frozen=True, slots=True)
class Steps:
    """How many members took each step."""

    invited: int = 0
    signed_up: int = 0
    placed: int = 0
    came: int = 0


@dataclass(frozen=True, slots=True)
class Absent:
    """Who had a place at an event that is over and was not seen; of those who are excused, and
    of how many. Nobody is absent where nobody was checked in."""

    missing: int
    excused: int
    placed: int


def everybody(event_id: int) -> Subquery:
    """A row for each member who was invited or signed up: the steps as 0 or 1; tier and car as
    at sign-up, else as they are now."""
    invited = select(EventInvitee.owner_id).where(EventInvitee.event_id == event_id)
    signed = _sign_ups(event_id)
    all_ = union(invited, select(signed.c.owner_id)).subquery()
    newest, brought, owned = aliased(Registration), aliased(Vehicle), _cars_now()
    is_invited = all_.c.owner_id.in_(invited)
    return (
        select(
            all_.c.owner_id,
            case((is_invited, 1), else_=0).label("invited"),
            case((signed.c.owner_id.is_not(None), 1), else_=0).label("signed_up"),
            func.coalesce(signed.c.placed, 0).label("placed"),
            func.coalesce(signed.c.came, 0).label("came"),
            func.coalesce(newest.tier, MemberFacts.tier, "general").label("tier"),
            func.coalesce(func.nullif(brought.model, ""), owned.c.model, "").label("model"),
        )
        .outerjoin(signed, signed.c.owner_id == all_.c.owner_id)
        .outerjoin(newest, newest.id == signed.c.newest_id)
        .outerjoin(brought, brought.id == newest.vehicle_id)
        .outerjoin(MemberFacts, MemberFacts.owner_id == all_.c.owner_id)
        .outerjoin(owned, owned.c.owner_id == all_.c.owner_id)
        .subquery()
    )


def _sign_ups(event_id: int) -> Subquery:
    """Who signed up, each once: their newest registration, and whether any had a place or came."""
    placed = Registration.state == RegistrationState.CONFIRMED
    return (
        select(
            Registration.owner_id,
            func.max(Registration.id).label("newest_id"),
            func.max(case((placed, 1), else_=0)).label("placed"),
            func.max(case((and_(placed, _seen()), 1), else_=0)).label("came"),
        )
        .where(Registration.event_id == event_id)
        .group_by(Registration.owner_id)
        .subquery()
    )


def _seen() -> ColumnElement[bool]:
    return exists().where(CheckIn.registration_id == Registration.id, CheckIn.undone_at.is_(None))


def _cars_now() -> Subquery:
    """The model of the car that each owner had last and still has."""
    newest = (
        select(Ownership.owner_id, func.max(Ownership.id).label("ownership_id"))
        .where(Ownership.until_on.is_(None))
        .group_by(Ownership.owner_id)
        .subquery()
    )
    return (
        select(newest.c.owner_id, func.nullif(Vehicle.model, "").label("model"))
        .join(Ownership, Ownership.id == newest.c.ownership_id)
        .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
        .subquery()
    )


def _sums(each: Subquery) -> list[Any]:
    steps = (each.c.invited, each.c.signed_up, each.c.placed, each.c.came)
    return [func.coalesce(func.sum(one), 0) for one in steps]


def steps(db: Session, event: Event) -> Steps:
    """All who were invited or signed up."""
    return _whole(db, select(*_sums(everybody(event.id))))


def steps_of_invited(db: Session, event: Event) -> Steps:
    """Only those who were invited."""
    each = everybody(event.id)
    return _whole(db, select(*_sums(each)).where(each.c.invited == 1))


def _whole(db: Session, query: Select[Any]) -> Steps:
    return Steps(*(int(one) for one in db.execute(query).one()))


def opened(db: Session, event: Event) -> int:
    """How many of those invited opened their own link."""
    links = and_(EventInvitee.event_id == event.id, EventInvitee.opened_at.is_not(None))
    return db.scalar(select(func.count(EventInvitee.id)).where(links)) or 0


def by_tier(db: Session, event: Event) -> dict[str, Steps]:
    """The steps of each tier that there is somebody of."""
    each = everybody(event.id)
    return _grouped(db, select(each.c.tier, *_sums(each)).group_by(each.c.tier))


def by_model(db: Session, event: Event) -> dict[str, Steps]:
    """The steps by model of car; the empty name is of those without a car that we know."""
    each = everybody(event.id)
    return _grouped(db, select(each.c.model, *_sums(each)).group_by(each.c.model))


def by_interest(db: Session, event: Event) -> dict[int, Steps]:
    """The steps by interest's id; who has several counts in each."""
    each = everybody(event.id)
    return _grouped(
        db,
        select(OwnerInterest.interest_id, *_sums(each))
        .join(each, each.c.owner_id == OwnerInterest.owner_id)
        .group_by(OwnerInterest.interest_id),
    )


def interests(db: Session, ids: set[int]) -> dict[int, Interest]:
    """These interests in the order of the taxonomy."""
    found = db.scalars(
        select(Interest)
        .where(Interest.id.in_(ids))
        .order_by(Interest.group_id, Interest.position, Interest.id)
    )
    return {one.id: one for one in found}


def _grouped(db: Session, query: Select[Any]) -> dict[Any, Steps]:
    return {key: Steps(*(int(one) for one in sums)) for key, *sums in db.execute(query)}


def heads(db: Session, event: Event) -> int:
    """Everybody who came, with those who came along."""
    query = select(func.sum(Registration.party_size)).where(
        Registration.event_id == event.id,
        Registration.state == RegistrationState.CONFIRMED,
        _seen(),
    )
    return db.scalar(query) or 0


def door_was_used(db: Session, event: Event) -> bool:
    """Whether anybody was checked in at all."""
    seen = select(CheckIn.id).join(Registration).where(Registration.event_id == event.id)
    return db.scalar(seen.where(CheckIn.undone_at.is_(None)).limit(1)) is not None


def absent(db: Session, event: Event, *, now: datetime) -> Absent | None:
    """Who did not come (R31); nothing to say before the end, or where nobody was checked in."""
    if event.ends_at >= now or not door_was_used(db, event):
        return None
    missing = figures.no_shows_query(event, now=now).order_by(None)
    ids = missing.with_only_columns(Registration.id)
    excused = select(func.count(NoShow.id)).where(
        NoShow.registration_id.in_(ids), NoShow.state == NoShowState.EXCUSED
    )
    placed = select(func.count(Registration.id)).where(
        Registration.event_id == event.id, Registration.state == RegistrationState.CONFIRMED
    )
    return Absent(
        figures.no_shows(db, event, now=now), db.scalar(excused) or 0, db.scalar(placed) or 0
    )
