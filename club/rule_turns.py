"""The day of other rules: everybody is looked at under them, some hundred owners at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from club import tiers
from club.models import RuleVersion
from club.purses import hold
from club.rules_in_force import rule_book
from members.models import MemberFacts


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of all owners have been looked at under rules that began on a day."""

    since: date
    looked_at: int
    owners: int

    @property
    def is_over(self) -> bool:
        return self.looked_at == self.owners


def look_again(db: Session, *, today: date, now: datetime, most: int = 500) -> int:
    """Review the next owners who were not since the rules changed; how many. 0 when all were.

    Of two workers at once one reviews them, and the other finds that done.
    """
    turn = rule_book(db).last_turn(today)
    if turn is None:
        return 0
    waiting = db.scalars(
        _waiting_query(turn).order_by(MemberFacts.reviewed_on, MemberFacts.owner_id).limit(most)
    ).all()
    hold(db, waiting)
    still = db.scalars(_waiting_query(turn, waiting)).all()
    if still:
        tiers.review(db, still, today=today, now=now)
    return len(waiting)


def progress_of(db: Session, version: RuleVersion, *, today: date) -> Progress | None:
    """How far the owners are under this version; None before its first day, or after others."""
    turn = rule_book(db).last_turn(today)
    if turn is None or turn not in (version.starts_on, version.notice_from):
        return None
    owners = db.scalar(select(func.count()).select_from(MemberFacts)) or 0
    waiting = db.scalar(select(func.count()).select_from(_waiting_query(turn).subquery())) or 0
    return Progress(turn, owners - waiting, owners)


def _waiting_query(turn: date, among: Collection[int] | None = None) -> Select[int]:
    """Who was not reviewed since the rules changed."""
    query = select(MemberFacts.owner_id).where(MemberFacts.reviewed_on < turn)
    return query if among is None else query.where(MemberFacts.owner_id.in_(among))
