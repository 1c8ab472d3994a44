"""The catalogue: members spend points on vouchers; what is undone goes back to its lots (R6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from club import ledger, vouchers
from club.models import (
    KindState,
    LedgerEntry,
    Reward,
    Source,
    TierCode,
    Voucher,
    VoucherKind,
    VoucherState,
)
from club.purses import hold
from club.standing import standing_of
from club.vouchers import Cause
from foundation import audit
from foundation.refusals import Refusal
from foundation.words import N_, InBoth
from members.memberships import is_member

CAUSE = "voucher"
MOST_POINTS = 10_000_000


class NotOffered(Refusal):
    """The reward is not in the catalogue, or not for this member."""


class NotBought(Refusal):
    """The voucher did not come from points."""


class RewardNotReady(Refusal):
    """A reward has a price and a kind of voucher of its own."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward as one member sees it: how many points are missing, and whether they may have it."""

    reward: Reward
    missing: int
    had: int
    why_not: NotOffered | None
    left: int | None

    @property
    def within_reach(self) -> bool:
        return self.why_not is None and self.missing == 0


@dataclass(frozen=True, slots=True)
class RewardWords:
    """A reward as typed."""

    kind_id: int
    points: int
    tier: TierCode
    most_each: int | None
    active: bool
    icon: str


def catalogue(db: Session, owner_id: int, *, today: date) -> Sequence[Offer]:
    """What can be bought today, the cheapest first."""
    rows = db.scalars(
        select(Reward)
        .join(Reward.kind)
        .where(Reward.active, VoucherKind.state == KindState.LIVE)
        .order_by(Reward.points, Reward.id)
        .options(joinedload(Reward.kind))
    ).all()
    standing = standing_of(db, owner_id, today=today)
    had = _had(db, owner_id)
    return [
        offer_of(one, standing.tier, standing.usable, had.get(one.kind_id, 0), today=today)
        for one in rows
    ]


def offer_for(db: Session, reward: Reward, owner_id: int, *, today: date) -> Offer:
    """One reward for one member."""
    standing = standing_of(db, owner_id, today=today)
    had = _had(db, owner_id).get(reward.kind_id, 0)
    return offer_of(reward, standing.tier, standing.usable, had, today=today)


def offer_of(reward: Reward, tier: TierCode, points: int, had: int, *, today: date) -> Offer:
    """A reward against a tier, a balance, and how many of it the member had before."""
    kind = reward.kind
    left = None if kind.stock is None else kind.stock - kind.issued
    no = _why_not(reward, tier, had, today)
    if no is None and left is not None and left <= 0:
        no = NotOffered(N_("All of these have been given."))
    return Offer(reward, max(reward.points - max(points, 0), 0), had, no, left)


def _why_not(reward: Reward, tier: TierCode, had: int, today: date) -> NotOffered | None:
    """Why a member may not have it, stock and points aside."""
    kind = reward.kind
    over = kind.until_on is not None and kind.until_on < today
    if not reward.active or kind.state is not KindState.LIVE or over:
        return NotOffered(N_("This reward is not in the catalogue any more."))
    if reward.tier.rank > tier.rank:
        return NotOffered(N_("This reward is for a higher tier."))
    if reward.most_each is not None and had >= reward.most_each:
        return NotOffered(N_("You have had this reward as often as it is given."))
    return None


def buy(
    db: Session,
    reward: Reward,
    owner_id: int,
    *,
    request_id: str,
    today: date,
    by: int | None,
    now: datetime,
) -> Voucher:
    """Spend points on a reward; the same request twice is one. Stock and points, or neither."""
    cause = Cause(Source.POINTS, f"{owner_id}:{request_id}", today, now, by)
    known = vouchers.issued_for(db, reward.kind, cause)
    if known is not None:
        return known
    if not is_member(db, owner_id):
        raise ledger.NotAMember(N_("Points can be used by members of the club."))
    hold(db, [owner_id])  # before the stock, as an import does, so that nobody waits in a circle
    voucher = vouchers.issue(db, reward.kind, owner_id, cause, today=today)
    had = _had(db, owner_id).get(reward.kind_id, 0)
    no = _why_not(reward, standing_of(db, owner_id, today=today).tier, had, today)
    if no is not None:
        raise no
    entry = ledger.spend(
        db,
        owner_id,
        reward.points,
        cause_kind=CAUSE,
        cause_id=str(voucher.id),
        on=today,
        by=by,
        now=now,
        reason=InBoth.of(reward.kind, "name"),
    )
    voucher.entry_id = entry.id
    audit.record(db, "reward.buy", "voucher", voucher.id, by=by, now=now, points=reward.points)
    db.flush()
    return voucher


def give_back(
    db: Session, voucher: Voucher, *, reason: str, today: date, by: int | None, now: datetime
) -> LedgerEntry:
    """Take an unused reward back: its points return to the lots they came from (R6), once."""
    entry = db.get(LedgerEntry, voucher.entry_id) if voucher.entry_id else None
    if entry is None or voucher.used or entry.owner_id != voucher.owner_id:
        raise NotBought(N_("Only an unused voucher that was bought with points can be returned."))
    hold(db, [entry.owner_id])
    vouchers.revoke(db, voucher, reason=reason, by=by, now=now)
    if voucher.used:
        raise NotBought(N_("Only an unused voucher that was bought with points can be returned."))
    return ledger.undo(db, entry, reason=reason.strip(), on=today, by=by, now=now)


def keep(
    db: Session, reward: Reward | None, said: RewardWords, *, by: int, now: datetime
) -> Reward:
    """Store a new reward, or what changed of one; vouchers bought before stay as they are."""
    if not 0 < said.points <= MOST_POINTS:
        raise RewardNotReady(N_("Please enter at least one point."))
    if said.most_each is not None and said.most_each <= 0:
        raise RewardNotReady(N_("How many each is at least one; leave it empty for no limit."))
    taken = select(Reward.id).where(Reward.kind_id == said.kind_id)
    if reward is None and db.scalar(taken) is not None:
        raise RewardNotReady(N_("This kind of voucher is in the catalogue already."))
    kept = reward or Reward(kind_id=said.kind_id)
    kept.points, kept.tier, kept.most_each = said.points, said.tier, said.most_each
    kept.active, kept.icon = said.active, said.icon
    db.add(kept)
    db.flush()
    act = "reward.change" if reward else "reward.add"
    audit.record(db, act, "reward", kept.id, by=by, now=now, points=said.points)
    db.flush()
    return kept


def _had(db: Session, owner_id: int) -> dict[int, int]:
    """Per kind how many the owner bought and did not return, passed on or not."""
    rows = db.execute(
        select(Voucher.kind_id, func.count())
        .join(LedgerEntry, LedgerEntry.id == Voucher.entry_id)
        .where(LedgerEntry.owner_id == owner_id, Voucher.state != VoucherState.REVOKED)
        .group_by(Voucher.kind_id)
    )
    return {row[0]: row[1] for row in rows}
