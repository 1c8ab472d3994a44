"""Counting again what the quotas keep in their counters."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import quotas
from events.models import ACTIVE, Quota, Registration, RegistrationState


def assert_counters_are_true(db: Session, event_id: int) -> None:
    """R16: in every quota `taken` and `waiting` equal what the registrations say, within bounds."""
    rows = list(
        db.scalars(
            select(Quota)
            .where(Quota.event_id == event_id)
            .execution_options(populate_existing=True)
        )
    )
    taken: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    for one in db.scalars(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.state.in_(ACTIVE))
        .execution_options(populate_existing=True)
    ):
        if one.state == RegistrationState.WAITING:
            waiting.update(one.waits_for)
        else:
            taken.update(quotas.needs_of_registration(one, rows))
            taken.update(quotas.gift_of(one, rows))
    for row in rows:
        assert (row.kind, row.taken, row.waiting) == (row.kind, taken[row.id], waiting[row.id])


def taken_of(db: Session, event_id: int) -> dict[int, tuple[int, int | None]]:
    """What is taken of what capacity, by quota."""
    query = select(Quota.id, Quota.taken, Quota.capacity).where(Quota.event_id == event_id)
    return {row.id: (row.taken, row.capacity) for row in db.execute(query)}


def assert_within_bounds(
    before: dict[int, tuple[int, int | None]], after: dict[int, tuple[int, int | None]]
) -> None:
    """R16: nothing is taken beyond a capacity; only what was overbooked before may be so still."""
    for quota_id, (taken, capacity) in after.items():
        assert capacity is None or taken <= max(capacity, before[quota_id][0])
