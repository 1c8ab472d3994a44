"""Places kept for the higher tiers until a moment: who is beneath may take the others only.

A quota `below` counts all members under one tier together. Its capacity is what remains of the
event's places beside those kept for that tier and those above it, so the conditional update that
guards every place guards the kept ones too (R16).
"""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from club.models import TierCode
from events import quotas, seats
from events.models import Event, EventState, Quota, QuotaKind
from events.planning import Plan
from events.refusals import PlanRefused
from foundation.words import N_


def check(plan: Plan, places: int | None) -> None:
    """Kept places are some of those that are counted, and come free at a moment."""
    kept = [number for number in plan.reserved.values() if number]
    if not kept:
        return
    if places is None or sum(kept) > places:
        raise PlanRefused(N_("There must be at least as many places as are kept for tiers."))
    if plan.reserved_until is None:
        raise PlanRefused(N_("Please say until when places are kept for tiers."))


def is_over(event: Event, *, now: datetime) -> bool:
    """Whether the places that were kept are for everybody; the moment itself still counts."""
    return event.reserved_until is not None and now > event.reserved_until


def keep_places(db: Session, event: Event, *, by: int | None, now: datetime) -> None:
    """The quotas follow what the event keeps for whom; after the moment nothing is kept."""
    db.flush()
    main = quotas.main_quota(event, event.quotas)
    rest = main.capacity if main is not None and not is_over(event, now=now) else None
    for tier in sorted(TierCode, key=lambda one: -one.rank):
        number = event.reserved.get(tier.value) or 0
        limit = None
        if rest is not None and number:
            rest = limit = max(rest - number, 0)
        if limit is not None or _stands(event, tier):
            seats.set_capacity(db, event, QuotaKind.BELOW, limit, tier=tier.value, by=by, now=now)


def _stands(event: Event, tier: TierCode) -> bool:
    return any(
        row.kind == QuotaKind.BELOW and row.tier == tier and row.capacity is not None
        for row in event.quotas
    )


def over_query(*, now: datetime) -> Select[Event]:
    """Coming events whose kept places are to be let go."""
    kept = select(Quota.id).where(
        Quota.event_id == Event.id, Quota.kind == QuotaKind.BELOW, Quota.capacity.is_not(None)
    )
    return select(Event).where(
        Event.state == EventState.PUBLISHED,
        Event.ends_at > now,
        Event.reserved_until < now,
        kept.exists(),
    )


def let_go(db: Session, event: Event, *, now: datetime) -> None:
    """What was kept and not taken is everybody's, first of those who wait."""
    keep_places(db, event, by=None, now=now)
