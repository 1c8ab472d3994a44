"""The club's columns of the facts row: tier, points, spend in the window, the next change."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club.history import grants_of, spends_of
from club.models import Earning, LedgerEntry, Lot, TierCode, TierStanding
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import walk
from foundation import clock
from members.facts import rows_of
from members.models import MemberFacts

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClubFacts:
    """What the club keeps of one owner; `next_change_on` is the next day to look again."""

    tier: TierCode
    points: int
    spend_fen: int
    spend_as_of: date
    next_change_on: date | None


def refresh(
    db: Session, owner_ids: Collection[int], *, today: date, reviewed: bool = False
) -> None:
    """Write the facts from the standing, the open lots and the earning lines, as of today.

    An owner whose facts are already of a later day keeps that day. `reviewed` says that what
    was due by today has been held.
    """
    by_day: dict[date, list[int]] = defaultdict(list)
    known = as_of(db, owner_ids)
    for owner_id in sorted(set(owner_ids)):
        by_day[max(today, known.get(owner_id) or today)].append(owner_id)
    for day, ids in by_day.items():
        rows = rows_of(db, ids)
        for owner_id, found in _kept(db, ids, day).items():
            _store(rows[owner_id], found)
            if reviewed:
                rows[owner_id].reviewed_on = max(day, rows[owner_id].reviewed_on)
    db.flush()


def as_of(db: Session, owner_ids: Collection[int]) -> dict[int, date | None]:
    """Per owner the day up to which the club's facts were worked out."""
    query = select(MemberFacts.owner_id, MemberFacts.spend_as_of)
    return dict(db.execute(query.where(MemberFacts.owner_id.in_(owner_ids))).all())


def from_scratch(db: Session, owner_id: int, *, today: date) -> ClubFacts:
    """The facts from the ledger's entries and the whole path, not from what is kept.

    They must agree with what was kept in the transactions of the causes.
    """
    book = rule_book(db)
    grants = grants_of(db, [owner_id])[owner_id]
    path = walk(book, spends_of(db, [owner_id])[owner_id], grants)
    path.pass_reviews(today)
    points = db.scalar(select(func.sum(LedgerEntry.points)).where(LedgerEntry.owner_id == owner_id))
    return ClubFacts(
        path.tier,
        int(points or 0),
        path.spend_in_window(today),
        today,
        _next_change(db, owner_id, path.kept_until, book, today),
    )


def points_moved(db: Session, owner_id: int, *, on: date) -> None:
    """Keep the facts of one owner after an entry."""
    db.flush()
    refresh(db, [owner_id], today=on)


def _store(row: MemberFacts, found: ClubFacts) -> None:
    row.tier = found.tier.value
    row.points = found.points
    row.spend_fen = found.spend_fen
    row.spend_as_of = found.spend_as_of
    row.next_change_on = found.next_change_on


def _kept(db: Session, owner_ids: Collection[int], today: date) -> dict[int, ClubFacts]:
    ids = sorted(set(owner_ids))
    book = rule_book(db)
    standings = _standings(db, ids)
    lots = _lots(db, ids)
    spends = _window_spend(db, ids, book, today)
    found = {}
    for owner_id in ids:
        tier, kept_until = standings.get(owner_id, (TierCode.GENERAL, None))
        points, expires_on = lots.get(owner_id, (0, None))
        spend_fen, oldest = spends.get(owner_id, (0, None))
        soonest = _soonest(kept_until, expires_on, _leaves_window(oldest, book, today))
        found[owner_id] = ClubFacts(tier, points, spend_fen, today, soonest)
    return found


def _next_change(
    db: Session, owner_id: int, kept_until: date | None, book: RuleBook, today: date
) -> date | None:
    _, expires_on = _lots(db, [owner_id]).get(owner_id, (0, None))
    _, oldest = _window_spend(db, [owner_id], book, today).get(owner_id, (0, None))
    return _soonest(kept_until, expires_on, _leaves_window(oldest, book, today))


def _soonest(
    kept_until: date | None, expires_on: date | None, leaves_on: date | None
) -> date | None:
    """The review and the expiry come when their day is over, what leaves on its day."""
    ends = [day + A_DAY for day in (kept_until, expires_on) if day is not None]
    return min([*ends, leaves_on] if leaves_on else ends, default=None)


def _leaves_window(oldest: date | None, book: RuleBook, today: date) -> date | None:
    """The next day on which something leaves the window."""
    if oldest is None:
        return None
    return max(clock.add_months(oldest, book.on(today).window_months), today + A_DAY)


def _standings(db: Session, ids: Collection[int]) -> dict[int, tuple[TierCode, date | None]]:
    rows = db.scalars(select(TierStanding).where(TierStanding.owner_id.in_(ids)))
    return {row.owner_id: (row.tier, row.kept_until) for row in rows}


def _lots(db: Session, ids: Collection[int]) -> dict[int, tuple[int, date | None]]:
    """Balance and the soonest last day of points that are left."""
    rows: Iterable[tuple[int, int, date | None]] = db.execute(
        select(Lot.owner_id, Lot.rest, Lot.expires_on).where(Lot.owner_id.in_(ids), Lot.rest != 0)
    )
    totals: dict[int, int] = defaultdict(int)
    ends: dict[int, date] = {}
    for owner_id, rest, expires_on in rows:
        totals[owner_id] += rest
        if rest > 0 and expires_on is not None:
            ends[owner_id] = min(expires_on, ends.get(owner_id, expires_on))
    return {owner_id: (total, ends.get(owner_id)) for owner_id, total in totals.items()}


def _window_spend(
    db: Session, ids: Collection[int], book: RuleBook, today: date
) -> dict[int, tuple[int, date | None]]:
    """Fen in the window that ends today, and the day of its oldest line."""
    rows = db.execute(
        select(Earning.owner_id, func.sum(Earning.fen_left), func.min(Earning.earned_on))
        .where(
            Earning.owner_id.in_(ids),
            Earning.earned_on > book.on(today).window_starts_after(today),
            Earning.earned_on <= today,
            Earning.left_out.is_(None),
            Earning.fen_left > 0,
        )
        .group_by(Earning.owner_id)
    )
    return {owner_id: (int(total), oldest) for owner_id, total, oldest in rows}
