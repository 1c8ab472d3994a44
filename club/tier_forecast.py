"""Which tiers will fall at their next review if nothing more is spent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from club.history import grants_of, spends_of
from club.models import TierCode, TierStanding
from club.rules import Rules
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import at_end_of, walk


@dataclass(frozen=True, slots=True)
class Fall:
    """A tier that ends after the day `due_on`. Amounts in fen within the window of that day;
    `missing_fen` more would keep it; the lower one is then kept for `keep_months`."""

    owner_id: int
    tier: TierCode
    to: TierCode
    due_on: date
    needed_fen: int
    spent_fen: int
    window_months: int
    keep_months: int

    @property
    def missing_fen(self) -> int:
        return max(self.needed_fen - self.spent_fen, 0)


def falls_ahead(db: Session, owner_ids: Collection[int], *, since: date, until: date) -> list[Fall]:
    """The falls of these owners whose last day lies within these days, as it stands now."""
    rows = db.execute(
        select(TierStanding.owner_id, TierStanding.tier, TierStanding.kept_until)
        .where(TierStanding.owner_id.in_(owner_ids), TierStanding.kept_until.between(since, until))
        .order_by(TierStanding.owner_id)
    ).all()
    book, found = rule_book(db), []
    ids = [row.owner_id for row in rows]
    spends, grants = spends_of(db, ids), grants_of(db, ids)
    for owner_id, tier, due_on in rows:
        assert due_on is not None
        path = at_end_of(walk(book, spends[owner_id], grants[owner_id]), due_on)
        if path.tier.rank < tier.rank:
            needed, spent = threshold(book, tier, due_on), path.spend_in_window(due_on)
            rules = book.on(due_on)
            months = (rules.window_months, rules.keep_months)
            found.append(Fall(owner_id, tier, path.tier, due_on, needed, spent, *months))
    return found


def threshold(book: RuleBook, tier: TierCode, day: date) -> int:
    """What keeps a tier on a day, in fen; under notice of coming rules the lower amount."""
    rules = book.on(day)
    judges = [one for one in rules.both if one.window_months == rules.window_months]
    return min(_needed(one, tier) for one in judges)


def _needed(rules: Rules, tier: TierCode) -> int:
    return next(row.threshold_fen for row in rules.tiers if row.tier is tier)
