"""The tier that each owner held at the end of any day: read where what is kept tells it.

The standing that is kept is where the whole path led, and a path never looks ahead: from the day of
its last change on it tells every day up to which it was held. Walked again are the others: whose
tier changed after the day, who gave back after it what they had bought before, and for whom
something up to the day is still to be held.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from sqlalchemy import Select, exists, or_, select, union
from sqlalchemy.orm import Session

from club.history import grants_of, spends_as_of
from club.models import Earning, EarningCut, TierCode, TierGrant, TierStanding
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import at_end_of, walk
from members.models import MemberFacts, Owner

PART = 1000
"""Owners that are walked at a time."""


def tiers_at(db: Session, day: date) -> dict[int, TierCode]:
    """By owner the tier held at the end of a shop day, of all who held more than the lowest."""
    book = rule_book(db)
    to_walk = set(db.scalars(union(*_unsettled(book, day))))
    kept = db.execute(
        select(TierStanding.owner_id, TierStanding.tier).where(
            TierStanding.tier != TierCode.GENERAL, TierStanding.since <= day
        )
    )
    found = {owner_id: tier for owner_id, tier in kept if owner_id not in to_walk}
    for part in _parts(sorted(to_walk)):
        found |= _walked(db, book, part, day)
    return found


def _unsettled(book: RuleBook, day: date) -> Iterator[Select[int]]:
    """Owners of whom what is kept does not tell the day."""
    yield _moved_since(day)
    yield _gave_back_since(day)
    yield _given_unseen(day)
    yield _never_looked_at()
    turn = book.last_turn(day)
    if turn is not None:
        yield select(MemberFacts.owner_id).where(MemberFacts.reviewed_on < turn)


def _moved_since(day: date) -> Select[int]:
    """Whose tier changed after the day, or whose review of a day up to it is still to be held."""
    since, kept_until = TierStanding.since, TierStanding.kept_until
    return select(TierStanding.owner_id).where(or_(since > day, kept_until <= day))


def _gave_back_since(day: date) -> Select[int]:
    """Who still had something on the day that came back after it."""
    return (
        select(Earning.owner_id)
        .join(EarningCut, EarningCut.order_line_id == Earning.order_line_id)
        .where(EarningCut.effective_on > day, Earning.earned_on <= day)
    )


def _given_unseen(day: date) -> Select[int]:
    """Whose given tier may not have been held yet when its day came."""
    return (
        select(TierGrant.owner_id)
        .join(MemberFacts, MemberFacts.owner_id == TierGrant.owner_id)
        .where(TierGrant.starts_on <= day, TierGrant.starts_on > MemberFacts.reviewed_on)
    )


def _never_looked_at() -> Select[int]:
    """Of whom nothing is kept, though they bought or were given something."""
    bought = exists().where(Earning.owner_id == Owner.id)
    given = exists().where(TierGrant.owner_id == Owner.id)
    facts = MemberFacts.owner_id
    return (
        select(Owner.id)
        .outerjoin(MemberFacts, facts == Owner.id)
        .where(facts.is_(None), or_(bought, given))
    )


def _walked(
    db: Session, book: RuleBook, owner_ids: Sequence[int], day: date
) -> dict[int, TierCode]:
    spends, grants = spends_as_of(db, owner_ids, day), grants_of(db, owner_ids)
    found: dict[int, TierCode] = {}
    for owner_id in spends.keys() | grants.keys():
        tier = at_end_of(walk(book, spends[owner_id], grants[owner_id]), day).tier
        if tier is not TierCode.GENERAL:
            found[owner_id] = tier
    return found


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    rest = iter(ids)
    while part := list(islice(rest, PART)):
        yield part
