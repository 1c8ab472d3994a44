"""Build the demo club around an anchor day, once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.clock import shop_day
from members.models import Account, Membership, Owner
from members.names import sort_key
from portal.demo.accounts import add_staff, password_of
from portal.models import DemoClub


def is_built(db: Session) -> bool:
    """Whether this database holds the demo club."""
    return db.scalar(select(DemoClub.id).limit(1)) is not None


def build(db: Session, *, zone: ZoneInfo, now: datetime) -> None:
    """Fill a seeded club with people, cars, orders, events and letters, the same every time."""
    db.add(DemoClub(anchor_at=now))
    add_staff(db, now=now)
    for login, name in (("owner@demo.example", "苏明澜"), ("friend@demo.example", "韩叙")):
        owner = Owner(name=name, name_sort=sort_key(name), email=login, created_at=now)
        db.add(owner)
        db.flush()
        joined = shop_day(now, zone)
        db.add(Membership(owner_id=owner.id, number=f"{10000 + owner.id}", joined_on=joined))
        db.add(
            Account(
                owner_id=owner.id, email=login, password_hash=password_of(login), created_at=now
            )
        )
    db.flush()
