"""Pending points: earned, counted, shown, and not to be spent before a day comes.

They wait inside their lot, so that the balance stays the sum of the entries and of the open lots
(R1): pending points pay debts, are taken back and expire like all others; only spending passes
them by. Releasing them adds an entry of no points that says when and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from club.models import Lot
from club.purses import Cause, Purse, purses
from foundation import tunables
from foundation.words import N_

DELAY = tunables.declare(
    "club.pending_days", 0, N_("Points of an order can be used after"), N_("days"), 0, 180
)
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """Points of one lot that cannot be used yet, and the day from which they can."""

    lot: Lot
    points: int
    usable_on: date


def ahead(usable_on: date | None, *, today: date) -> date | None:
    """The day, where it is still to come."""
    return usable_on if usable_on is not None and usable_on > today else None


def after_delay(earned_on: date, days: int, *, today: date) -> date | None:
    """From when the points of an order can be used; None where they can today."""
    return ahead(earned_on + timedelta(days=days), today=today)


def waiting_of(db: Session, owner_id: int, *, today: date) -> Sequence[Waiting]:
    """The owner's pending points, the next to be released first."""
    lots = db.scalars(
        select(Lot)
        .where(Lot.owner_id == owner_id, Lot.rest > 0, Lot.usable_on > today)
        .order_by(Lot.usable_on, Lot.id)
        .options(joinedload(Lot.entry))
        .limit(SHOWN)
    )
    return [Waiting(lot, lot.rest, lot.usable_on or today) for lot in lots]


def release(held: Purse, *, today: date, now: datetime) -> int:
    """Let go what has waited long enough; effective on its day, whenever the job comes."""
    due = [lot for lot in held.lots if lot.usable_on is not None and lot.usable_on <= today]
    for lot in due:
        entry, day = lot.entry, lot.usable_on or today
        cause = Cause(
            "lot",
            str(lot.id),
            day,
            now,
            reason=entry.why,
            order_line_id=entry.order_line_id,
        )
        if lot.rest > 0:
            held.release(lot, cause.under(entry.rule_version_id))
        lot.usable_on = None
    held.db.flush()
    return len(due)


def release_due(db: Session, *, today: date, now: datetime, most: int = 500) -> int:
    """Release for the next owners whose points have waited long enough; how many owners."""
    due = (
        select(Lot.owner_id)
        .where(Lot.usable_on <= today)
        .order_by(Lot.usable_on, Lot.owner_id)
        .limit(most)
    )
    ids = set(db.scalars(due))
    if not ids:
        return 0
    for held in purses(db, ids).values():
        release(held, today=today, now=now)
    empty = update(Lot).where(Lot.owner_id.in_(ids), Lot.usable_on <= today, Lot.rest == 0)
    db.execute(empty.values(usable_on=None))
    db.flush()
    return len(ids)
