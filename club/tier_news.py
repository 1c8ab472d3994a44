"""What members are told of their tier: the letter for a rise, and the one for a fall with its why.

Each goes out once for what happened on a day. Orders older than thirty days change tiers in
silence.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from club.models import TierChange, TierCode
from club.tier_forecast import threshold
from club.tier_path import FALLS, RISES, TierPath
from foundation.outbox import Draft, post
from foundation.shop import the_shop
from members.models import Membership, Owner
from members.reaching import reader_of

TELLS_FOR = timedelta(days=30)
"""Older orders change tiers in silence."""
MORNING = time(9)
"""A text at five past midnight would wake people."""


def tell(
    db: Session,
    was: TierCode,
    changes: Sequence[TierChange],
    path: TierPath,
    *,
    today: date,
    now: datetime,
) -> None:
    """One letter for however many steps led from a tier to another (R9, R10)."""
    if path.tier is was:
        return
    rose = path.tier.rank > was.rank
    news = [change for change in changes if change.reason in (RISES if rose else FALLS)]
    if not news or today - news[-1].changed_on > TELLS_FOR:
        return
    owner_id = news[-1].owner_id
    membership = db.get(Membership, owner_id)
    if membership is None or membership.left_on is not None:
        return
    owner, change = db.get_one(Owner, owner_id), news[-1]
    kind = "tier-risen" if rose else "tier-fallen"
    details = {
        "name": owner.name,
        "tier": path.tier.value,
        "kept_until": path.kept_until.isoformat() if path.kept_until else None,
        "spend_fen": change.spend_fen,
        **({} if rose else _lost(was, change, path, today)),
    }
    not_before = now if rose else _by_day(db, today, now)
    draft = Draft(f"club/{kind}", "owner", owner_id, details, not_before=not_before)
    key = f"{kind}:{owner_id}:{path.tier.value}:{change.changed_on.isoformat()}"
    post(db, key, reader_of(owner), draft, now=now)


def _lost(was: TierCode, change: TierChange, path: TierPath, today: date) -> dict[str, Any]:
    """What it was, why it is no more, and what brings it back, counted as of today."""
    needed = threshold(path.book, was, today)
    return {
        "before": was.value,
        "why": change.reason,
        "changed_on": change.changed_on.isoformat(),
        "kept_fen": threshold(path.book, was, change.changed_on),
        "needed_fen": needed,
        "missing_fen": max(needed - path.spend_in_window(today), 0),
    }


def _by_day(db: Session, today: date, now: datetime) -> datetime:
    """Now, or in the morning where it is night at the shop."""
    return max(now, datetime.combine(today, MORNING, the_shop(db).zone))
