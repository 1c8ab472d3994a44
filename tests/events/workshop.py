"""Makings for the workshop: bays, a check with slots, cars that are booked."""

import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from events import booking
from events.checks import bays, photos, sheets, signing
from events.checks.sheets import Head, Mark
from events.models import (
    Bay,
    BayJob,
    BusyCell,
    ChecklistItem,
    CheckPhoto,
    Colour,
    Event,
    Registration,
    Unit,
)
from foundation.pictures import photo_of
from members.models import Owner, Vehicle
from tests import making
from tests.making import KEYS, NOW

MORNING = datetime(2026, 3, 16, 1, tzinfo=UTC)  # a Monday, 09:00 in the shop


def make_bays(db: Session, number: int, *, does: str = "general") -> list[Bay]:
    """Bays that are in use."""
    values: dict[str, Any] = {"name_en": None, "does": [does], "active": True}
    return [
        bays.keep_bay(db, None, name_zh=f"{one}号工位", by=None, now=NOW, **values)
        for one in range(1, number + 1)
    ]


def make_check(
    db: Session,
    used: list[Bay],
    *,
    slots: int = 2,
    places: int = 9,
    job: int = 40,
    buffer: int = 20,
    **fields: Any,
) -> Event:
    """A check from 09:00 with slots of an hour, served by `used` bays."""
    event = making.make_event(
        db,
        places=None,
        unit=Unit.CAR,
        starts_at=MORNING,
        **{"ends_at": MORNING + timedelta(hours=8), **fields},
    )
    for number in range(slots):
        making.make_session(db, event, places=places, hours=number)
    event.checklist = [
        ChecklistItem(position=1, name_zh="前制动片厚度", name_en="Front brake pads"),
        ChecklistItem(position=2, name_zh="轮胎花纹深度", name_en="Tyre tread"),
        ChecklistItem(position=3, name_zh="近光与远光", name_en="Headlights"),
        ChecklistItem(position=4, name_zh="香薰", name_en="Scent"),
    ]
    if used:
        plan = {"job_minutes": job, "buffer_minutes": buffer}
        bays.set_plan(db, event, bay_ids=[bay.id for bay in used], by=None, now=NOW, **plan)
    db.flush()
    return event


def book(
    db: Session, event: Event, slot: int = 0, owner: Owner | None = None, **fields: Any
) -> Registration:
    """A member's car in a slot."""
    owner = owner or making.make_member(db, login=False)
    vehicle: Vehicle = fields.pop("vehicle", None) or making.make_vehicle(db, owner, **fields)
    session = event.sessions[slot]
    wish = {"vehicle": vehicle, "session": session}
    return booking.register(db, event, owner, keys=KEYS, by=None, now=NOW, **wish)


def jobs(db: Session) -> list[tuple[int, int, str]]:
    """(registration, bay, start by the shop's clock) of each car in a bay."""
    db.expire_all()
    found = db.scalars(select(BayJob).order_by(BayJob.starts_at, BayJob.bay_id))
    zone = making.make_shop(db).zone
    return [
        (one.registration_id, one.bay_id, f"{one.starts_at.astimezone(zone):%H:%M}")
        for one in found
    ]


def overlaps(db: Session) -> list[tuple[int, int]]:
    """Jobs of one bay that stand in each other's time, buffers included."""
    found = list(db.scalars(select(BayJob).order_by(BayJob.bay_id, BayJob.starts_at)))
    return [
        (one.id, other.id)
        for one, other in itertools.pairwise(found)
        if one.bay_id == other.bay_id
        and one.ends_at + timedelta(minutes=one.buffer_minutes) > other.starts_at
    ]


def cells_kept(db: Session) -> int:
    return len(db.scalars(select(BusyCell.id)).all())


def photo_with_place() -> bytes:
    """A photo whose camera wrote down where it was taken, lying on its side."""
    taken, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turn it a quarter
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}
    exif[0x010F] = "SecretPhone"
    Image.new("RGB", (1600, 900), (122, 128, 110)).save(taken, "JPEG", exif=exif)
    return taken.getvalue()


def reported(db: Session, owner: Owner) -> CheckPhoto:
    """A signed report of an owner's car; the picture of its first point."""
    return report(db, book(db, make_check(db, make_bays(db, 1)), owner=owner))


def report(db: Session, registration: Registration) -> CheckPhoto:
    """The car's sheet, red at every point and signed; the picture of its first point."""
    who: dict[str, Any] = {"by": None, "now": NOW}
    check = sheets.begin(db, registration, **who)
    db.refresh(check, ["results"])
    spots = [dict.fromkeys(row.places, 620) for row in check.results]
    marks = [
        Mark(row.id, Colour.RED, measured)
        for row, measured in zip(check.results, spots, strict=True)
    ]
    sheets.fill(db, check, marks, **who)
    sheets.head(db, check, Head(43210), **who)
    photo = photos.keep(db, check.results[0], photo_of(photo_with_place()), **who)
    signing.finish(db, check, technician="周师傅", **who)
    return photo
