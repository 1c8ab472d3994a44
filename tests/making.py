"""Things that tests need before their act: members, cars, events, staff. Each call flushes."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import (
    Event,
    EventKind,
    EventSession,
    EventState,
    Quota,
    QuotaKind,
    Unit,
)
from events.tickets import TicketKeys
from foundation.roles import Role
from foundation.shop import Shop
from members.models import Account, AccountRole, MemberFacts, Membership, Owner, Ownership, Vehicle

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)  # a Monday, 12:00 in the shop
KEYS = TicketKeys((Fernet.generate_key().decode(),), "test-hash-key-" * 3)
Thing = TypeVar("Thing")
_numbers = itertools.count(1)


def make_shop(db: Session) -> Shop:
    """The club's shop; the same one each time."""
    found = db.scalars(select(Shop).order_by(Shop.id).limit(1)).first()
    return found or _added(
        db,
        Shop(
            name_zh="测试店",
            name_en="Test Shop",
            club_name_zh="车主俱乐部",
            club_name_en="Owners' Club",
            address_zh="测试路1号",
            phone="+861012345678",
            footer_zh="",
        ),
    )


def make_owner(db: Session, name: str = "王小明", **fields: Any) -> Owner:
    """An owner who has not joined; a phone of their own unless one is given."""
    fields.setdefault("phone", f"+86138{next(_numbers):08d}")
    return _added(db, Owner(name=name, name_sort=name, created_at=NOW, **fields))


def make_member(
    db: Session, name: str = "王小明", *, tier: str = "general", login: bool = True, **fields: Any
) -> Owner:
    """An owner in the club: membership, facts row, and an account unless `login` is False."""
    owner = make_owner(db, name, **fields)
    db.add(Membership(owner=owner, number=f"M{owner.id:06d}", joined_on=date(2025, 1, 1)))
    db.add(MemberFacts(owner_id=owner.id, tier=tier))
    if login:
        make_account(db, owner)
    db.flush()
    return owner


def make_account(db: Session, owner: Owner, **fields: Any) -> Account:
    """A login for an owner, without a password unless `password_hash` is given."""
    values: dict[str, Any] = {"phone": owner.phone, "email": owner.email, "password_hash": None}
    return _added(db, Account(owner=owner, name=owner.name, created_at=NOW, **{**values, **fields}))


def make_staff(db: Session, *roles: Role, **fields: Any) -> Account:
    """Somebody at the desk, by default a club manager."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": "李经理",
        "phone": f"+86139{number:08d}",
        "email": f"staff{number}@shop.example",
        "password_hash": None,
    }
    account = _added(db, Account(created_at=NOW, **{**values, **fields}))
    shop = make_shop(db)
    for role in roles or (Role.CLUB_MANAGER,):
        db.add(AccountRole(account=account, role=role, shop_id=shop.id))
    db.flush()
    return account


def make_vehicle(db: Session, owner: Owner | None, **fields: Any) -> Vehicle:
    """A car, owned by `owner` since 2024."""
    values: dict[str, Any] = {"make": "Marque", "model": "M5", "plate": f"京A{next(_numbers):05d}"}
    vehicle = _added(db, Vehicle(created_at=NOW, **{**values, **fields}))
    if owner is not None:
        db.add(Ownership(owner=owner, vehicle=vehicle, from_on=date(2024, 1, 1)))
        db.flush()
    return vehicle


def make_event_kind(db: Session, code: str = "gathering") -> EventKind:
    """An event kind; the same one each time for a code."""
    found = db.scalar(select(EventKind).where(EventKind.code == code))
    return found or _added(
        db, EventKind(code=code, name_zh="车友会", name_en="Gathering", position=1)
    )


def make_event(
    db: Session,
    *,
    places: int | None = 10,
    cars: int | None = None,
    gifts: int | None = None,
    **fields: Any,
) -> Event:
    """A published event two weeks on with `places` for its unit (None = unlimited).

    `cars` gives an event of people a quota of cars too, `gifts` a stock of gifts.
    """
    starts = fields.pop("starts_at", NOW + timedelta(days=14))
    values: dict[str, Any] = {
        "state": EventState.PUBLISHED,
        "uid": f"event-{next(_numbers)}@test",
        "title_zh": "春季自驾游",
        "title_en": "Spring drive",
        "place_zh": "云湖度假村",
        "place_en": "Cloud Lake Resort",
        "unit": Unit.PERSON,
        "ends_at": starts + timedelta(hours=5),
        "published_at": NOW - timedelta(days=1),
    }
    event = Event(
        shop_id=make_shop(db).id,
        kind_id=fields.pop("kind_id", None) or make_event_kind(db).id,
        starts_at=starts,
        created_at=NOW - timedelta(days=2),
        **{**values, **fields},
    )
    unit = QuotaKind.PEOPLE if event.unit == Unit.PERSON else QuotaKind.CARS
    event.quotas.append(Quota(kind=unit, capacity=places))
    if cars is not None:
        event.quotas.append(Quota(kind=QuotaKind.CARS, capacity=cars))
    if gifts is not None:
        event.quotas.append(Quota(kind=QuotaKind.GIFT, capacity=gifts))
    return _added(db, event)


def make_session(
    db: Session, event: Event, *, places: int | None = 5, hours: int = 0
) -> EventSession:
    """A session of an event, `hours` after its start, with a quota of its own."""
    starts = event.starts_at + timedelta(hours=hours)
    session = EventSession(starts_at=starts, ends_at=starts + timedelta(hours=1))
    event.sessions.append(session)
    db.flush()
    event.quotas.append(Quota(kind=QuotaKind.SESSION, session_id=session.id, capacity=places))
    db.flush()
    return session


def _added(db: Session, thing: Thing) -> Thing:
    db.add(thing)
    db.flush()
    return thing
