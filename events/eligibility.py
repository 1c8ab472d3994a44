"""Who may have a place: what is known of a member in one query, and the checks on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from club.models import Tier, TierCode
from events import conditions, meant_cars, papers, quotas
from events.conditions import Condition
from events.deadlines import registration_ends
from events.meant_cars import Drives
from events.models import (
    ACTIVE,
    Event,
    EventInvitee,
    EventSession,
    EventState,
    Registration,
    RegistrationState,
    Unit,
)
from events.refusals import (
    CarAlreadyComes,
    CarNeeded,
    NotEligible,
    NotForSignUp,
    NotYetOpen,
    SessionNeeded,
    TooLate,
)
from foundation.database import Number
from foundation.fixed import Fixed
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import (
    CompanyPerson,
    Interest,
    MemberFacts,
    Membership,
    Owner,
    OwnerInterest,
    Ownership,
    Vehicle,
)

EVENT = bindparam("event", type_=Number, required=False)
VEHICLE = bindparam("vehicle", type_=Number, required=False)
OWNER = bindparam("owner", type_=Number, required=False)
FACTS = 6
Whose = ColumnElement[int] | InstrumentedAttribute[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the checks must know of a member and the car they name."""

    is_member: bool
    tier: str
    invited: bool
    car_is_theirs: bool
    model: str | None
    energy: str | None
    registration_id: int | None
    car_comes_with: int | None
    likes_it: bool = True


def line_query(event: Event) -> Select[Any]:
    """Who waits, first come first, each with what their turn depends on."""
    extra = [_likes(event)] if event.interests_only else []
    query = select(Registration, *_facts(), *extra).join(Owner, Owner.id == Registration.owner_id)
    if event.asks_papers:
        query = query.options(joinedload(Registration.vehicle), joinedload(Registration.owner))
    if quotas.has_choices(event.quotas):
        query = query.options(selectinload(Registration.answers))
    return (
        _with_facts(query)
        .outerjoin(Vehicle, Vehicle.id == Registration.vehicle_id)
        .where(Registration.event_id == event.id, Registration.state == RegistrationState.WAITING)
        .order_by(Registration.queued_at, Registration.id)
        .params(event=event.id)
        .execution_options(populate_existing=True)
    )


def _facts() -> list[ColumnElement[Any]]:
    invited = select(EventInvitee.id).where(
        EventInvitee.event_id == EVENT, EventInvitee.owner_id == Owner.id
    )
    return [
        Membership.owner_id.is_not(None) & Membership.left_on.is_(None),
        func.coalesce(MemberFacts.tier, TierCode.GENERAL.value),
        invited.exists(),
        owned_by(Owner.id, Vehicle.id),
        type_coerce(Vehicle.model, String),
        type_coerce(Vehicle.energy, String),
    ]


def _likes(event: Event) -> ColumnElement[bool]:
    """Whether a member likes something that the event is about; asked only where it matters."""
    return (
        select(OwnerInterest.owner_id)
        .join(Interest)
        .where(OwnerInterest.owner_id == Owner.id, Interest.code.in_(event.interests))
        .exists()
    )


def _with_facts(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Membership, Membership.owner_id == Owner.id).outerjoin(
        MemberFacts, MemberFacts.owner_id == Owner.id
    )


def owned_by(owner_id: Whose, vehicle_id: Whose) -> ColumnElement[bool]:
    """Whether a car is theirs today, or of a company that they are a contact or driver of."""
    companies = (
        select(CompanyPerson.company_id)
        .where(CompanyPerson.person_id == owner_id)
        .correlate_except(CompanyPerson)
    )
    return (
        select(Ownership.id)
        .where(
            Ownership.vehicle_id == vehicle_id,
            Ownership.until_on.is_(None),
            or_(Ownership.owner_id == owner_id, Ownership.owner_id.in_(companies)),
        )
        .exists()
    )


def _standing_query() -> Select[Any]:
    active = and_(Registration.event_id == EVENT, Registration.state.in_(ACTIVE))
    mine = select(Registration.id).where(active, Registration.owner_id == Owner.id)
    with_car = select(Registration.id).where(active, Registration.car_key == VEHICLE)
    columns = [*_facts(), mine.limit(1).scalar_subquery(), with_car.limit(1).scalar_subquery()]
    query = _with_facts(select(*columns).select_from(Owner))
    return query.outerjoin(Vehicle, Vehicle.id == VEHICLE).where(Owner.id == OWNER)


_STANDING = Fixed(_standing_query())  # a rush for places asks it hundreds of times a second


def standing_of(db: Session, event: Event, owner_id: int, vehicle: Vehicle | None) -> Standing:
    """Where a member stands towards an event, with the car they name."""
    car = vehicle.id if vehicle else None
    (row,) = _STANDING.rows(db, event=event.id, owner=owner_id, vehicle=car)
    standing = Standing(*row)
    if not event.interests_only:
        return standing
    likes_it = db.scalar(select(_likes(event)).where(Owner.id == owner_id)) or False
    return replace(standing, likes_it=likes_it)


def reason_against(event: Event, registration: Registration, facts: Sequence[Any]) -> str | None:
    """Why somebody in the queue may not have a place any more, as a marked sentence."""
    known, extra = facts[:FACTS], facts[FACTS:]
    standing = Standing(*(*known, registration.id, None, *extra))
    try:
        check_member(event, standing)
        check_car(event, standing, has_car=registration.vehicle_id is not None)
        if event.asks_papers:
            papers.check(event, registration.vehicle, registration.owner.licence_until)
    except Refusal as refusal:
        return refusal.message
    return None


def check_open(db: Session, event: Event, standing: Standing, *, now: datetime) -> None:
    """The event takes sign-ups now; a tier's early hours count before the opening."""
    check_takes_place(event, now=now)
    if now > registration_ends(event):
        raise TooLate(N_("Sign-up for this event has closed."))
    if event.register_from is not None and now < event.register_from:
        opens = opens_at(db, event, standing.tier)
        if opens is not None and now < opens:
            raise NotYetOpen(N_("Sign-up for this event has not opened yet."))


def opens_at(db: Session, event: Event, tier: str) -> datetime | None:
    """When members of a tier can sign up: its hours before the opening; None where at once."""
    if event.register_from is None:
        return None
    early = db.scalar(select(Tier.early_hours).where(Tier.code == tier)) or 0
    return event.register_from - timedelta(hours=early)


def check_takes_place(event: Event, *, now: datetime) -> None:
    """The event is in the programme and not over."""
    if event.state == EventState.CANCELLED:
        raise NotForSignUp(N_("This event was cancelled."))
    if event.state != EventState.PUBLISHED:
        raise NotForSignUp(N_("This event is not in the programme yet."))
    if now >= event.ends_at:
        raise TooLate(N_("This event is over."))


def check_member(event: Event, standing: Standing) -> None:
    """The event is meant for this member; asked again when their turn comes in the queue."""
    if not standing.is_member:
        raise NotEligible(N_("Events are for members of the club. Joining takes two minutes."))
    condition = conditions.unmet(event, standing)
    if condition is not None:
        raise NotEligible(conditions.REFUSALS[condition])


def check_car(event: Event, standing: Standing, *, has_car: bool) -> None:
    """A car where one is needed: theirs, of the right model, and signed up by nobody else."""
    if not has_car:
        if meant_cars.asks_for_car(event):
            raise CarNeeded(N_("Please choose the car that you come with."))
        return
    if not standing.car_is_theirs:
        raise CarNeeded(N_("This car is not among yours."))
    if not meant_cars.meant(event, Drives(standing.model or "", standing.energy or "")):
        raise NotEligible(conditions.REFUSALS[Condition.CARS])
    if standing.car_comes_with not in (None, standing.registration_id):
        raise CarAlreadyComes(N_("This car is already signed up for the event."))


def check_session(event: Event, session: EventSession | None) -> None:
    """A session of this event where there are sessions (each has a quota), else none."""
    if session is None and quotas.has_sessions(event.quotas):
        raise SessionNeeded(N_("Please choose a session."))
    if session is not None and session.event_id != event.id:
        raise SessionNeeded(N_("Please choose a session of this event."))


def car_key(event: Event, vehicle: Vehicle | None) -> int | None:
    """The car's id where a car can come only once."""
    counts = event.unit == Unit.CAR or event.one_per_car
    return vehicle.id if vehicle is not None and counts else None
