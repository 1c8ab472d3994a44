"""People at the counter of the demo: new members who named a car of somebody's archive."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.outbox import Channel
from foundation.settings import Settings
from members.contacts import Contact
from members.models import Account, Owner, OwnerKind, Ownership, Vehicle
from portal import claims, joining
from portal.demo.people import Drawing
from portal.joining import Applicant
from portal.joining_cars import Car

ROWS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "claims.toml").read_text("utf-8")
)["claims"]


def wait(db: Session, draw: Drawing, settings: Settings) -> None:
    """Each joins by the rules, with a number that is not on file, and waits for a decision."""
    for row, (archive, vehicle) in zip(ROWS, _archives(db, len(ROWS)), strict=True):
        now = draw.now - timedelta(hours=row["hours_ago"])
        phone = draw.numbers.phone()
        applicant = Applicant(
            name=row.get("name", archive.name),
            phone=phone,
            email=None,
            car=Car(plate=vehicle.plate),
            language="zh-Hans",
        )
        on = now.astimezone(draw.zone).date()
        contact = Contact(Channel.TEXT, phone)
        joined = joining.join(db, applicant, contact, on=on, now=now)
        assert joined.archive is archive
        assert joined.account.owner is not None
        claims.claim(db, joined.account.owner, archive, hash_key=settings.hash_key, now=now)
    db.flush()


def _archives(db: Session, number: int) -> list[tuple[Owner, Vehicle]]:
    """Persons without a login, each with a car of theirs."""
    rows = db.execute(
        select(Owner, Vehicle)
        .join(Ownership, Ownership.owner_id == Owner.id)
        .join(Vehicle, Vehicle.id == Ownership.vehicle_id)
        .outerjoin(Account, Account.owner_id == Owner.id)
        .where(
            Owner.kind == OwnerKind.PERSON,
            Owner.phone.is_not(None),
            Ownership.until_on.is_(None),
            Vehicle.plate.is_not(None),
            Account.id.is_(None),
        )
        .order_by(Owner.id, Vehicle.id)
    )
    found = {owner.id: (owner, vehicle) for owner, vehicle in rows}
    return list(found.values())[:number]
