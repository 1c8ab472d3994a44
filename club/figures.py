"""The club in numbers at the end of a shop day, from its history and not from today's facts."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session

from club.models import Earning, EarningCut, LedgerEntry, Lot, TierCode, is_open
from club.rules_in_force import rule_book
from club.tiers_held import tiers_at
from foundation import clock
from members.models import Membership, OrderLine, ServiceOrder, is_visit

BANDS = (("from_20000", 2_000_000), ("from_8000", 800_000), ("from_3000", 300_000))
LOWEST_BAND = "below_3000"
MONTHS = (1, 2, 3, 6, 9, 12)

Figures = dict[str, Any]


def figures_at(db: Session, day: date) -> Figures:
    """Everything at the end of `day`; owners are those with an order by then, and members.

    Tiers are the ones held; bands count the spend in the window that ends on the day; an owner
    whose last order lies exactly n months back counts as without one in n months.
    """
    last = _last_orders(db, day)
    members = _members(db, day)
    owners = set(last) | members
    orders, net_spend = _orders(db, day)
    return {
        "at": day.isoformat(),
        "owners": len(owners),
        "members": len(members),
        "orders": orders,
        "net_spend_fen": net_spend,
        "points_outstanding": points_outstanding(db, day),
        "tiers": _tiers(db, owners, day),
        "bands": _bands(db, owners, day),
        "no_order_months": {
            str(months): sum(on <= clock.add_months(day, -months) for on in last.values())
            for months in MONTHS
        },
    }


def points_outstanding(db: Session, day: date) -> int:
    """The sum of all entries by then, less what ended by then and no job has swept yet."""
    entries = db.scalar(select(func.sum(LedgerEntry.points)).where(LedgerEntry.effective_on <= day))
    over = db.scalar(
        select(func.sum(Lot.rest))
        .join(LedgerEntry, LedgerEntry.id == Lot.entry_id)
        .where(is_open(), Lot.rest > 0, Lot.expires_on <= day, LedgerEntry.effective_on <= day)
    )
    return int(entries or 0) - int(over or 0)


def _last_orders(db: Session, day: date) -> dict[int, date]:
    query = select(ServiceOrder.owner_id, func.max(ServiceOrder.serviced_on))
    seen = query.where(ServiceOrder.serviced_on <= day, is_visit())
    rows = db.execute(seen.group_by(ServiceOrder.owner_id))
    return dict(rows.all())


def _members(db: Session, day: date) -> set[int]:
    return set(
        db.scalars(
            select(Membership.owner_id).where(
                Membership.joined_on <= day,
                or_(Membership.left_on.is_(None), Membership.left_on > day),
            )
        )
    )


def _orders(db: Session, day: date) -> tuple[int, int]:
    """How many orders, and their net spend; the lines are read in their own order, once."""
    by_then = ServiceOrder.serviced_on <= day
    orders = db.scalar(select(func.count()).select_from(ServiceOrder).where(by_then))
    lines = (
        select(func.sum(OrderLine.fen).filter(by_then))
        .select_from(OrderLine)
        .join(ServiceOrder, ServiceOrder.id == OrderLine.order_id)
    )
    return orders or 0, int(db.scalar(lines) or 0)


def _tiers(db: Session, owners: set[int], day: date) -> dict[str, int]:
    found = Counter({tier.value: 0 for tier in TierCode})
    found.update(tier.value for who, tier in tiers_at(db, day).items() if who in owners)
    found[TierCode.GENERAL.value] = len(owners) - found.total()
    return dict(found)


def _bands(db: Session, owners: set[int], day: date) -> dict[str, int]:
    """How many owners spent how much in the window; only who reached a band is asked for."""
    after = rule_book(db).on(day).window_starts_after(day)
    inside = (Earning.earned_on > after, Earning.earned_on <= day, Earning.left_out.is_(None))
    bought = select(Earning.owner_id, Earning.fen).where(*inside)
    back = (
        select(Earning.owner_id, -EarningCut.fen)
        .join(EarningCut, EarningCut.order_line_id == Earning.order_line_id)
        .where(*inside, EarningCut.effective_on <= day)
    )
    rows = union_all(bought, back).subquery()
    fen = func.sum(rows.c.fen)
    reached = select(rows.c.owner_id, fen).group_by(rows.c.owner_id).having(fen >= BANDS[-1][1])
    found = Counter({LOWEST_BAND: 0, **{name: 0 for name, _ in reversed(BANDS)}})
    for who, spend in db.execute(reached):
        if who in owners:
            found[next(name for name, least in BANDS if spend >= least)] += 1
    found[LOWEST_BAND] = len(owners) - found.total()
    return dict(found)
