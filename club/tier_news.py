"""What members are told of their tier: one letter for what changed and still stands.

A rise by an order is told at once. What the night works out waits for the morning, and any other
fall for the next one: a letter that still waits when the tier changes again is withdrawn, and what
is told then begins at the tier that the member last heard of, however old what changed it is.
Else orders older than thirty days raise in silence, and take in silence what they themselves or a
file of the same day brought; so do reviews that come a month late. Opening balances bring only
what the member had before, so they are silent where no letter waited.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from club.models import GrantWhy, TierChange, TierCode
from club.notice_hours import MORNING, by_day
from club.tier_forecast import threshold
from club.tier_path import FALL, NEW_RULES, TierPath
from foundation import clock, outbox
from foundation.outbox import WAITING, Draft, Letter, LetterState, post
from foundation.shop import the_shop
from foundation.words import N_
from members.models import Membership, Owner
from members.reaching import reader_of

TELLS_FOR = timedelta(days=30)
RISEN, FALLEN = "club/tier-risen", "club/tier-fallen"
CHANGED = N_("The tier changed again before this was sent.")


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
    if path.tier is was or not changes:
        return
    owner_id = changes[-1].owner_id
    lately = clock.start_of(today - timedelta(days=1), the_shop(db).zone)
    heard = take_back(db, owner_id, why=CHANGED, since=lately)
    known = heard or was
    change = _news(changes, rose=path.tier.rank > known.rank)
    if path.tier is known or not (heard or _is_news(db, change, path.tier, today)):
        return
    membership = db.get(Membership, owner_id)
    if membership is None or membership.left_on is not None:
        return
    if path.tier.rank < known.rank:
        details = _lost(known, change, path, today)
        _post(db, FALLEN, change, path, details, _when(db, change, today, now), now)
    elif heard or change.reason != GrantWhy.OPENING:
        details = {"before": known.value, "why": change.reason}
        when = _when(db, change, today, now) if change.reason == NEW_RULES else now
        _post(db, RISEN, change, path, details, when, now)


def take_back(db: Session, owner_id: int, *, why: str, since: datetime) -> TierCode | None:
    """Withdraw what was written of a tier since then; the tier that the member heard of before
    what waits of it, if any does. What has left counts as heard, but does not wait again."""
    letters = held(db, written([owner_id]).where(Letter.created_at >= since))
    waited = [one for one in letters if one.state in WAITING]
    for letter in letters:
        outbox.withdraw_one(letter, why=why)
    db.flush()
    heard = [one.details["before"] for one in waited if "before" in one.details]
    return TierCode(heard[0]) if heard else None


def held(db: Session, letters: Select[Letter]) -> Sequence[Letter]:
    """These letters as they are now, held against the workers."""
    now = letters.with_for_update().execution_options(populate_existing=True)
    return db.scalars(now).all()


def written(owner_ids: Collection[int]) -> Select[Letter]:
    """What is written of these owners' tiers and not skipped, in the order it was written."""
    return (
        select(Letter)
        .where(
            Letter.cause_kind == "owner",
            Letter.cause_id.in_(owner_ids),
            Letter.template.in_((RISEN, FALLEN)),
            Letter.state != LetterState.SKIPPED,
        )
        .order_by(Letter.id)
    )


def _news(changes: Sequence[TierChange], *, rose: bool) -> TierChange:
    """The last change that led where the tier is now; of several, one in that direction."""
    ways = [one for one in changes if (one.after.rank > one.before.rank) is rose]
    return ([one for one in ways if one.after is not one.before] or changes)[-1]


def _is_news(db: Session, change: TierChange, tier: TierCode, today: date) -> bool:
    """Whether it happened lately, or takes what the member held when the day began."""
    if today - change.changed_on <= TELLS_FOR:
        return True
    if change.reason == FALL or change.after.rank > change.before.rank:
        return False
    begun = clock.start_of(today, the_shop(db).zone)
    held = db.scalars(
        select(TierChange.before)
        .where(TierChange.owner_id == change.owner_id, TierChange.recorded_at >= begun)
        .order_by(TierChange.id)
        .limit(1)
    ).first()
    return tier.rank < (held or change.before).rank


def _post(
    db: Session,
    template: str,
    change: TierChange,
    path: TierPath,
    more: dict[str, Any],
    not_before: datetime,
    now: datetime,
) -> None:
    owner = db.get_one(Owner, change.owner_id)
    details = {
        "name": owner.name,
        "tier": path.tier.value,
        "kept_until": path.kept_until.isoformat() if path.kept_until else None,
        "spend_fen": change.spend_fen,
        **more,
    }
    db.flush()
    draft = Draft(template, "owner", owner.id, details, not_before=not_before)
    # a parted merge deletes its changes, whose numbers may come again
    key = f"{template}:{owner.id}:{change.id}:{change.recorded_at:%Y%m%d%H%M%S}"
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
        "window_months": path.book.on(today).window_months,
    }


def _when(db: Session, change: TierChange, today: date, now: datetime) -> datetime:
    """By day, where the night worked it out; else in the morning after, when it still stands."""
    zone = the_shop(db).zone
    if change.reason in (FALL, NEW_RULES):
        return by_day(now, zone)
    return datetime.combine(today + timedelta(days=1), MORNING, zone)
