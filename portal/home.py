"""The member's home: who they are, what they must know now, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from club.standing import Standing, standing_of
from events.models import ACTIVE, Event, EventState, Registration, RegistrationState, Trip
from events.trips.drives import Driven, driven_by
from events.trips.recap import newest_for
from foundation.clock import shop_day
from members.garage import cars_query
from members.models import Account, Membership, Owner, OwnerInterest, Vehicle
from outreach.models import Newsletter, NewsletterState
from portal.claims import claims_open
from portal.coming import Coming, picked_for

CARS_SHOWN = 2
PICKS_SHOWN = 4
SOON_DAYS = 30
RECAP_SHOWN = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class DueDate:
    """A paper of a car that ends soon: `what` is compulsory, commercial or inspection."""

    what: str
    vehicle: Vehicle
    on: date
    days: int


@dataclass(frozen=True, slots=True)
class Home:
    """All that the home page shows. `offer`, `due` and `points` expiring are told first."""

    owner: Owner
    membership: Membership
    standing: Standing
    offer: Registration | None
    place: Registration | None
    waiting: Registration | None
    due: DueDate | None
    vehicles: list[Vehicle]
    picks: list[Coming]
    has_interests: bool
    newsletter: Newsletter | None
    claimed: bool
    recap: Trip | None
    driven: Driven


def home_of(
    db: Session, account: Account, membership: Membership, *, zone: ZoneInfo, now: datetime
) -> Home:
    """The home of a member at a moment."""
    owner, today = membership.owner, shop_day(now, zone)
    standing = standing_of(db, owner.id, today=today)
    vehicles = list(db.scalars(cars_query(owner.id)))
    held = _held(db, owner.id, now)
    return Home(
        owner=owner,
        membership=membership,
        standing=standing,
        offer=_first(held, RegistrationState.OFFERED),
        place=_first(held, RegistrationState.CONFIRMED),
        waiting=_first(held, RegistrationState.WAITING),
        due=next_due(vehicles, today),
        vehicles=vehicles[:CARS_SHOWN],
        picks=picked_for(db, account, owner.id, zone=zone, now=now, limit=PICKS_SHOWN),
        has_interests=_has_interests(db, owner.id),
        newsletter=latest_newsletter(db),
        claimed=bool(claims_open(db, owner)),
        recap=newest_for(db, owner.id, since=now - RECAP_SHOWN),
        driven=driven_by(db, owner.id),
    )


def latest_newsletter(db: Session) -> Newsletter | None:
    """The newest issue that is out."""
    return db.scalar(
        select(Newsletter)
        .where(Newsletter.state == NewsletterState.PUBLISHED)
        .order_by(Newsletter.published_at.desc(), Newsletter.id.desc())
        .limit(1)
    )


def next_due(vehicles: list[Vehicle], today: date) -> DueDate | None:
    """The paper that ends first within thirty days, or ended already."""
    dates = [
        DueDate(what, vehicle, on, (on - today).days)
        for vehicle in vehicles
        for what, on in (
            ("compulsory", vehicle.compulsory_insurance_until),
            ("commercial", vehicle.commercial_insurance_until),
            ("inspection", vehicle.inspection_until),
        )
        if on is not None and on - today <= timedelta(days=SOON_DAYS)
    ]
    return min(dates, key=lambda due: due.on, default=None)


def _held(db: Session, owner_id: int, now: datetime) -> list[Registration]:
    query = (
        select(Registration)
        .join(Registration.event)
        .where(
            Registration.owner_id == owner_id,
            Registration.state.in_(ACTIVE),
            Event.ends_at > now,
            Event.state == EventState.PUBLISHED,
        )
        .order_by(Event.starts_at, Registration.id)
        .options(
            joinedload(Registration.event),
            joinedload(Registration.vehicle),
            joinedload(Registration.session),
            joinedload(Registration.ticket),
        )
    )
    return list(db.scalars(query))


def _first(held: list[Registration], state: RegistrationState) -> Registration | None:
    return next((one for one in held if one.state is state), None)


def _has_interests(db: Session, owner_id: int) -> bool:
    chosen = select(OwnerInterest.id).where(OwnerInterest.owner_id == owner_id).limit(1)
    return db.scalar(chosen) is not None
