"""The club in numbers at the end of a shop day, from its history and not from today's facts."""

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from club.history import grants_of, spends_as_of
from club.models import LedgerEntry, Lot, TierCode
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import Grant, Spend, at_end_of, walk
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
    tiers, bands = _standings(db, owners, day)
    return {
        "at": day.isoformat(),
        "owners": len(owners),
        "members": len(members),
        "orders": orders,
        "net_spend_fen": net_spend,
        "points_outstanding": points_outstanding(db, day),
        "tiers": tiers,
        "bands": bands,
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
        .where(Lot.rest > 0, Lot.expires_on <= day, LedgerEntry.effective_on <= day)
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
    row = db.execute(
        select(func.count(func.distinct(ServiceOrder.id)), func.sum(OrderLine.fen))
        .outerjoin(OrderLine, OrderLine.order_id == ServiceOrder.id)
        .where(ServiceOrder.serviced_on <= day)
    ).one()
    return row[0], int(row[1] or 0)


def _standings(db: Session, owners: set[int], day: date) -> tuple[dict[str, int], dict[str, int]]:
    book, spends, grants = rule_book(db), spends_as_of(db, day), grants_of(db)
    tiers = Counter({tier.value: 0 for tier in TierCode})
    bands = Counter({LOWEST_BAND: 0, **{name: 0 for name, _ in reversed(BANDS)}})
    for owner_id in owners:
        tier, band = _standing(book, spends.get(owner_id, []), grants.get(owner_id, []), day)
        tiers[tier] += 1
        bands[band] += 1
    return dict(tiers), dict(bands)


def _standing(
    book: RuleBook, spends: list[Spend], grants: list[Grant], day: date
) -> tuple[str, str]:
    path = at_end_of(walk(book, spends, grants), day)
    spend = path.spend_in_window(day)
    band = next((name for name, least in BANDS if spend >= least), LOWEST_BAND)
    return path.tier.value, band
