"""A picture of a point: one each, made smaller, without what the camera wrote into it."""

from datetime import datetime

from sqlalchemy.orm import Session

from events.checks.sheets import check_open
from events.models import CheckPhoto, CheckResult
from foundation import audit


def keep(
    db: Session, row: CheckResult, jpeg: bytes, *, by: int | None, now: datetime
) -> CheckPhoto:
    """The picture of the point, redrawn by `photo_of`, in the place of a former one."""
    check_open(db, row.check)
    photo = row.photo
    if photo is None:
        photo = CheckPhoto(result_id=row.id)
        db.add(photo)
    photo.jpeg, photo.taken_at, photo.account_id = jpeg, now, by
    audit.record(db, "check.photo", "registration", row.check.registration_id, by=by, now=now)
    db.flush()
    return photo


def drop(db: Session, row: CheckResult, *, by: int | None, now: datetime) -> None:
    """The picture is thrown away."""
    check_open(db, row.check)
    if row.photo is not None:
        db.delete(row.photo)
        audit.record(
            db, "check.photo-drop", "registration", row.check.registration_id, by=by, now=now
        )
        db.flush()
