"""How many places an event has, and how many are left: read live, never cached."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from club.models import TierCode
from events.models import Quota, QuotaKind


class Counted(Protocol):
    """A quota, or the columns of one."""

    kind: QuotaKind
    session_id: int | None
    tier: str | None
    capacity: int | None
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one quota, or of an event as a whole; capacity None is unlimited."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """What a newcomer could still take: nothing while others wait (R20)."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(self.capacity - self.taken, 0)

    @property
    def overbooked(self) -> int:
        """By how many the booked exceed a capacity that was lowered (R17)."""
        return 0 if self.capacity is None else max(self.taken - self.capacity, 0)


def quotas_query(event_ids: Sequence[int]) -> Select[Quota]:
    """The quotas of some events."""
    return select(Quota).where(Quota.event_id.in_(event_ids)).order_by(Quota.event_id, Quota.id)


def places_of(db: Session, event_ids: Sequence[int], tier: str | None = None) -> dict[int, Places]:
    """The places of each event, in one query; those for a tier when one is given."""
    grouped: dict[int, list[Quota]] = {event_id: [] for event_id in event_ids}
    for quota in db.scalars(quotas_query(event_ids)):
        grouped[quota.event_id].append(quota)
    return {event_id: overall(quotas, tier) for event_id, quotas in grouped.items()}


def overall(quotas: Iterable[Counted], tier: str | None = None) -> Places:
    """An event as a whole: the tightest of its own quotas and of all its sessions together.

    For a member of a `tier` also of its allotment, and without what is kept for those above.
    """
    kept = [quota for quota in quotas if quota.kind in (QuotaKind.PEOPLE, QuotaKind.CARS)]
    found = [Places(quota.capacity, quota.taken, quota.waiting) for quota in kept]
    sessions = [quota for quota in quotas if quota.kind == QuotaKind.SESSION]
    if sessions:
        found.append(_together(sessions))
    if tier is not None:
        found += [
            Places(quota.capacity, quota.taken, quota.waiting)
            for quota in quotas
            if _limits(quota, tier) and quota.capacity is not None
        ]
    return min(found, key=_tightness, default=Places(None, 0, 0))


def _limits(quota: Counted, tier: str) -> bool:
    """Whether a quota counts members of this tier apart from others."""
    if quota.kind == QuotaKind.BELOW:
        return TierCode(tier).rank < TierCode(quota.tier or TierCode.GENERAL).rank
    return quota.kind == QuotaKind.TIER and quota.tier == tier


def of_sessions(quotas: Iterable[Counted]) -> dict[int, Places]:
    """The places of each session, by its id."""
    return {
        quota.session_id: Places(quota.capacity, quota.taken, quota.waiting)
        for quota in quotas
        if quota.session_id is not None
    }


def _together(quotas: Sequence[Counted]) -> Places:
    """Sessions as one: somebody waiting for one of them leaves the others open."""
    lefts = [Places(quota.capacity, quota.taken, quota.waiting) for quota in quotas]
    taken = sum(quota.taken for quota in quotas)
    if any(places.left is None for places in lefts):
        return Places(None, taken, 0)
    free = sum(places.left or 0 for places in lefts)
    waiting = 0 if free else sum(quota.waiting for quota in quotas)
    return Places(taken + free, taken, waiting)


def _tightness(places: Places) -> float:
    return float("inf") if places.left is None else places.left
