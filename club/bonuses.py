"""Points without an order: what each thing done brings, and the yearly one for a birthday."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, extract, or_, select
from sqlalchemy.orm import Session

from club import ledger
from club.models import BonusKind, EntryKind, LedgerEntry
from club.rules_in_force import rule_book
from foundation.words import N_
from members.models import Membership, Owner

CATCHES_UP = timedelta(days=7)
"""A job that did not run for some days still gives the points of those days."""
REASON = N_("For your birthday")


def points_for(db: Session, kind: BonusKind, *, on: date) -> int:
    """What something done on this shop day brings; 0 is nothing."""
    return rule_book(db).on(on).bonus(kind)


def give_birthdays(
    db: Session, *, day: date, now: datetime, after: int = 0, most: int = 500
) -> int | None:
    """Points for the next members whose birthday is this day, by id; the last id, None at the end.

    Once per owner and year, however often it runs; born on 29 February: the 28th in other years.
    """
    points = points_for(db, BonusKind.BIRTHDAY, on=day)
    born = _born(db, day, after, most) if points else ()
    for owner_id in born:
        ledger.give_bonus(
            db,
            owner_id,
            points,
            cause_kind=BonusKind.BIRTHDAY.value,
            cause_id=str(day.year),
            reason=REASON,
            on=day,
            by=None,
            now=now,
        )
    return born[-1] if len(born) == most else None


def _born(db: Session, day: date, after: int, most: int) -> Sequence[int]:
    """Members of this birthday, without those who have its points already."""
    given = exists().where(
        LedgerEntry.owner_id == Owner.id,
        LedgerEntry.kind == EntryKind.BONUS,
        LedgerEntry.cause_kind == BonusKind.BIRTHDAY.value,
        LedgerEntry.cause_id == str(day.year),
    )
    return db.scalars(
        select(Owner.id)
        .join(Membership, Membership.owner_id == Owner.id)
        .where(
            Owner.id > after,
            Membership.joined_on <= day,
            or_(Membership.left_on.is_(None), Membership.left_on > day),
            _birthday_is(day),
            ~given,
        )
        .order_by(Owner.id)
        .limit(most)
    ).all()


def _birthday_is(day: date) -> ColumnElement[bool]:
    month, number = extract("month", Owner.born_on), extract("day", Owner.born_on)
    eve_of_march = (day + timedelta(days=1)).month == 3 and day.day == 28
    if eve_of_march:
        return and_(month == 2, or_(number == 28, number == 29))
    return and_(month == day.month, number == day.day)
