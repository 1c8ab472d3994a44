"""Tiers as they are kept: the standing, each change with its arithmetic, and who is told of it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from club import facts, ledger, tier_news
from club.history import grants_of, spends_of
from club.models import TierChange, TierCode, TierStanding
from club.purses import hold
from club.rules_in_force import rule_book
from club.tier_path import GIVEN, RISES, Step, TierPath, walk
from members.models import MemberFacts

RECOUNT = "recount"


@dataclass(frozen=True, slots=True)
class Why:
    """What made the tier be worked out again."""

    on: date
    reason: str
    line_id: int | None = None


@dataclass
class Standing:
    """What is stored of one owner's tier, and the changes that are about to be.

    `held_to` is the day up to which reviews were held: an event of an earlier day is seen by
    comparing where the whole path leads, not step by step.
    """

    owner_id: int
    row: TierStanding | None
    held_to: date | None = None
    told: set[tuple[date, TierCode, str]] = field(default_factory=set)
    changes: list[TierChange] = field(default_factory=list)
    why: Why | None = None

    @property
    def tier(self) -> TierCode:
        if self.changes:
            return self.changes[-1].after
        return self.row.tier if self.row else TierCode.GENERAL

    def follows(self, day: date) -> bool:
        """Whether an event of this day comes after all that was held."""
        return self.held_to is None or day >= self.held_to

    def note(self, step: Step, *, now: datetime) -> None:
        """Add a change, unless it was noted before."""
        if (step.on, step.after, step.reason) not in self.told:
            self._add(step, now)

    def note_recount(self, path: TierPath, why: Why, *, now: datetime) -> None:
        """Add one change where the path leads elsewhere than what is stored."""
        if path.tier == self.tier:
            return
        rises = [
            one for one in path.steps if one.reason in RISES + GIVEN and one.after == path.tier
        ]
        news = [step for step in rises if (step.on, step.after, step.reason) not in self.told]
        if news and path.tier.rank > self.tier.rank:
            self._add(news[-1], now)
            return
        total, version = path.spend_in_window(why.on), path.book.on(why.on).version_id
        step = Step(why.on, self.tier, path.tier, why.reason, total, why.line_id, version)
        self._add(step, now)

    def _add(self, step: Step, now: datetime) -> None:
        self.told.add((step.on, step.after, step.reason))
        self.changes.append(
            TierChange(
                owner_id=self.owner_id,
                before=self.tier,
                after=step.after,
                changed_on=step.on,
                recorded_at=now,
                reason=step.reason,
                spend_fen=step.spend_fen,
                order_line_id=step.line_id,
                rule_version_id=step.version_id,
            )
        )


def standings(db: Session, owner_ids: Collection[int]) -> dict[int, Standing]:
    """The stored standings of these owners."""
    rows = db.scalars(select(TierStanding).where(TierStanding.owner_id.in_(owner_ids)))
    by_owner = {row.owner_id: row for row in rows}
    told = defaultdict(set)
    for change in db.execute(
        select(
            TierChange.owner_id, TierChange.changed_on, TierChange.after, TierChange.reason
        ).where(TierChange.owner_id.in_(owner_ids))
    ):
        told[change.owner_id].add((change.changed_on, change.after, change.reason))
    held_to = facts.as_of(db, owner_ids)
    return {
        owner_id: Standing(owner_id, by_owner.get(owner_id), held_to.get(owner_id), told[owner_id])
        for owner_id in owner_ids
    }


def keep(db: Session, standing: Standing, path: TierPath, *, today: date, now: datetime) -> None:
    """Store where the path led, its changes, and one letter for however many of them (R9)."""
    was = standing.row.tier if standing.row else TierCode.GENERAL
    db.add_all(standing.changes)
    if path.since is not None or standing.row is not None:
        row = standing.row or TierStanding(owner_id=standing.owner_id)
        row.tier, row.kept_until = path.tier, path.kept_until
        row.since = path.since or row.since or today
        db.add(row)
    tier_news.tell(db, was, standing.changes, path, today=today, now=now)


def review(db: Session, owner_ids: Collection[int], *, today: date, now: datetime) -> None:
    """Bring owners up to today: points whose day is over expire, reviews that are due are held.

    Doing it again changes nothing.
    """
    ids = sorted(set(owner_ids))
    hold(db, ids)
    kept = standings(db, ids)  # before the expiry moves the day up to which all was held
    ledger.expire_due(db, ids, today=today, now=now)
    book = rule_book(db)
    spends, grants = spends_of(db, ids), grants_of(db, ids)
    for owner_id, standing in kept.items():
        path = walk(book, spends[owner_id], grants[owner_id])
        path.pass_reviews(today)
        for step in path.steps:
            if standing.follows(step.on):
                standing.note(step, now=now)
        standing.note_recount(path, standing.why or Why(today, RECOUNT), now=now)
        keep(db, standing, path, today=today, now=now)
    db.flush()
    facts.refresh(db, ids, today=today, reviewed=True)


def review_due(db: Session, *, today: date, now: datetime, most: int = 500) -> int:
    """Review the next owners whose points, window or tier change by this day; how many."""
    due = db.scalars(
        select(MemberFacts.owner_id)
        .where(MemberFacts.next_change_on <= today)
        .order_by(MemberFacts.next_change_on, MemberFacts.owner_id)
        .limit(most)
    ).all()
    if due:
        review(db, due, today=today, now=now)
    return len(due)
