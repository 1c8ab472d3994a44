"""Who joined the club and who left it, by month."""

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from members.models import Membership


def joined_by_month(db: Session, first: date, last: date) -> dict[str, int]:
    """How many joined in each month, those who left since too."""
    return _by_month(db, Membership.joined_on, first, last)


def left_by_month(db: Session, first: date, last: date) -> dict[str, int]:
    """How many left in each month."""
    return _by_month(db, Membership.left_on, first, last)


def members_at(db: Session, day: date) -> int:
    """How many were in the club at the end of a day."""
    query = select(func.count()).select_from(Membership).where(was_member(day))
    return db.scalar(query) or 0


def was_member(day: date) -> ColumnElement[bool]:
    """That a membership stood at the end of a day."""
    stays = or_(Membership.left_on.is_(None), Membership.left_on > day)
    return (Membership.joined_on <= day) & stays


def _by_month(
    db: Session,
    column: "InstrumentedAttribute[date] | InstrumentedAttribute[date | None]",
    first: date,
    last: date,
) -> dict[str, int]:
    rows = db.execute(
        select(column, func.count()).where(column.between(first, last)).group_by(column)
    )
    found: dict[str, int] = defaultdict(int)
    for day, count in rows:
        found[f"{day:%Y-%m}"] += count
    return found
