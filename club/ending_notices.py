"""Notices before a tier falls and before points end: 60, 30 and 7 days ahead, once each.

A day that the job missed is caught up with the nearest notice alone, so nobody is told twice of
one thing on one day. Only members are told, and of points in one letter however many days.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from club.models import EndingKind, EndingNotice, Lot
from club.notice_hours import by_day
from club.tier_forecast import Fall, falls_ahead
from club.worth import POINTS_PER_YUAN
from foundation import clock, tunables
from foundation.outbox import Draft, Reader, post_many
from members.models import Membership, Owner
from members.reaching import readers_of

STEPS = (7, 30, 60)
Key = tuple[int, EndingKind, date, int]


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends for one owner after the day `due_on`: points, or a tier."""

    owner_id: int
    kind: EndingKind
    due_on: date
    days_before: int
    points: int = 0
    fall: Fall | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The day that is looked at, the moment of looking, and what points are worth then."""

    today: date
    zone: ZoneInfo
    now: datetime
    per_yuan: int

    def letters_from(self, ends: datetime) -> datetime:
        """By day; at once where that would be after the end."""
        day = by_day(self.now, self.zone)
        return day if day < ends else self.now


def tell_all(
    db: Session, *, today: date, zone: ZoneInfo, now: datetime, most: int = 500
) -> Iterator[int]:
    """Post what is due to some hundred members at a time; how many letters each time."""
    after: int | None = 0
    run = Run(today, zone, now, tunables.value(db, POINTS_PER_YUAN))
    while after is not None:
        ids = _members(db, today, after, most)
        told = _first_told(db, endings_of(db, ids, today=today), today)
        yield _post(db, told, run)
        after = ids[-1] if len(ids) == most else None


def endings_of(db: Session, owner_ids: Collection[int], *, today: date) -> Sequence[Ending]:
    """What ends for these owners within the longest notice, each with its nearest step."""
    last = today + timedelta(days=max(STEPS))
    found = [
        Ending(fall.owner_id, EndingKind.TIER, fall.due_on, step_of(fall.due_on, today), fall=fall)
        for fall in falls_ahead(db, owner_ids, since=today, until=last)
    ]
    lots = db.execute(
        select(Lot.owner_id, Lot.expires_on, func.sum(Lot.rest))
        .where(Lot.owner_id.in_(owner_ids), Lot.rest > 0, Lot.expires_on.between(today, last))
        .group_by(Lot.owner_id, Lot.expires_on)
        .order_by(Lot.owner_id, Lot.expires_on)
    )
    for owner_id, due_on, points in lots:
        assert due_on is not None
        step = step_of(due_on, today)
        found.append(Ending(owner_id, EndingKind.POINTS, due_on, step, points=int(points)))
    return found


def step_of(due_on: date, today: date) -> int:
    """The nearest notice whose day has come."""
    return next(step for step in STEPS if (due_on - today).days <= step)


def _members(db: Session, today: date, after: int, most: int) -> Sequence[int]:
    return db.scalars(
        select(Membership.owner_id)
        .where(
            Membership.owner_id > after,
            Membership.joined_on <= today,
            or_(Membership.left_on.is_(None), Membership.left_on > today),
        )
        .order_by(Membership.owner_id)
        .limit(most)
    ).all()


def _first_told(db: Session, endings: Sequence[Ending], today: date) -> list[Ending]:
    """Note what nobody told yet, this step or a nearer one; what this run is the first to tell."""
    nearest: dict[tuple[int, EndingKind, date], int] = {}
    owners = {one.owner_id for one in endings}
    for row in db.execute(
        select(
            EndingNotice.owner_id, EndingNotice.kind, EndingNotice.due_on, EndingNotice.days_before
        ).where(EndingNotice.owner_id.in_(owners), EndingNotice.due_on >= today)
    ):
        key = (row.owner_id, row.kind, row.due_on)
        nearest[key] = min(row.days_before, nearest.get(key, row.days_before))
    fresh = {
        (one.owner_id, one.kind, one.due_on, one.days_before): one
        for one in endings
        if one.days_before < nearest.get((one.owner_id, one.kind, one.due_on), max(STEPS) + 1)
    }
    return [fresh[key] for key in _note(db, list(fresh), today)]


def _note(db: Session, keys: Sequence[Key], today: date) -> list[Key]:
    """The notices that this run could note, and no other one at the same moment."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        {
            "owner_id": owner_id,
            "kind": kind,
            "due_on": due_on,
            "days_before": step,
            "told_on": today,
        }
        for owner_id, kind, due_on, step in keys
    ]
    if not rows:
        return []
    table = cast(Table, EndingNotice.__table__)
    said = (table.c.owner_id, table.c.kind, table.c.due_on, table.c.days_before)
    noted = db.execute(insert(table).on_conflict_do_nothing().returning(*said), rows)
    return sorted((row[0], row[1], row[2], row[3]) for row in noted)


def _post(db: Session, endings: Sequence[Ending], run: Run) -> int:
    by_letter: dict[tuple[int, EndingKind], list[Ending]] = defaultdict(list)
    for one in endings:
        by_letter[one.owner_id, one.kind].append(one)
    posted: list[tuple[str, Reader, Draft]] = []
    owners = db.scalars(select(Owner).where(Owner.id.in_({one[0] for one in by_letter}))).all()
    readers, names = readers_of(db, owners), {owner.id: owner.name for owner in owners}
    for (owner_id, kind), some in by_letter.items():
        first = min(some, key=lambda one: one.due_on)
        details = {"name": names[owner_id], **_details(some, run.today)}
        if kind is EndingKind.POINTS:
            details["per_yuan"] = run.per_yuan
        ends = clock.end_of(first.due_on, run.zone)
        draft = Draft(
            f"club/{kind.value}-ending",
            "owner",
            owner_id,
            details,
            not_before=run.letters_from(ends),
            not_after=ends,
        )
        key = f"ending:{kind.value}:{owner_id}:{first.due_on.isoformat()}:{first.days_before}"
        posted.append((key, readers[owner_id], draft))
    post_many(db, posted, now=run.now)
    return len(posted)


def _details(some: Sequence[Ending], today: date) -> dict[str, Any]:
    fall = some[0].fall
    if fall is not None:
        return {
            "tier": fall.tier.value,
            "lower": fall.to.value,
            "due_on": fall.due_on.isoformat(),
            "days": (fall.due_on - today).days,
            "needed_fen": fall.needed_fen,
            "spent_fen": fall.spent_fen,
            "missing_fen": fall.missing_fen,
            "window_months": fall.window_months,
            "keep_months": fall.keep_months,
        }
    return {
        "points": sum(one.points for one in some),
        "due_on": min(one.due_on for one in some).isoformat(),
        "parts": [{"points": one.points, "day": one.due_on.isoformat()} for one in some],
    }
