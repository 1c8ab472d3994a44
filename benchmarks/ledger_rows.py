"""Members with ten orders each of two years, and all that the jobs would have kept of them."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import copies
from club.models import Allocation, Earning, EntryKind, LedgerEntry, Lot, TierStanding
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import Spend, TierPath
from foundation import clock
from foundation.money import floor_points
from foundation.shop import Shop
from members.models import MemberFacts, Membership, OrderKind, OrderLine, Owner, PaidBy
from members.models import ServiceOrder as Order

ORDERS_EACH = 10
END = date(2026, 11, 1)
BEGIN = clock.add_months(END, -24) + timedelta(days=1)
RECORDED = datetime(2026, 11, 1, 4, tzinfo=UTC)
BORN = date(1950, 1, 1)
BLOCK = 2_000
TABLES = {
    Owner: 1,
    Membership: 1,
    Order: ORDERS_EACH,
    OrderLine: ORDERS_EACH,
    LedgerEntry: ORDERS_EACH,
    Lot: ORDERS_EACH,
    Allocation: ORDERS_EACH,
    Earning: ORDERS_EACH,
    TierStanding: 1,
    MemberFacts: 1,
}
Row = dict[str, Any]


def fill(db: Session, members: int) -> None:
    """Two thousand different members, and their copies up to as many as are wanted."""
    dice, block = random.Random(7), min(BLOCK, members)
    book, shop_id = rule_book(db), db.scalars(select(Shop.id)).one()
    first = (row for number in range(block) for row in _owner(book, number + 1, shop_id, dice))
    copies.store(db, TABLES, first, block, members)


def _owner(
    book: RuleBook, owner_id: int, shop_id: int, dice: random.Random
) -> Iterator[tuple[Any, Row]]:
    who, number = {"owner_id": owner_id}, f"S{owner_id:07d}"
    born = BORN + timedelta(days=owner_id * 37 % 20_000)
    yield Owner, {"id": owner_id, "name": number, "born_on": born, "created_at": RECORDED}
    yield Membership, {**who, "number": number, "joined_on": BEGIN}
    days = sorted(dice.randrange((END - BEGIN).days + 1) for _ in range(ORDERS_EACH))
    path, points = TierPath(book), 0
    for place, after in enumerate(days):
        ident, day = (owner_id - 1) * ORDERS_EACH + place + 1, BEGIN + timedelta(days=after)
        fen = int(dice.lognormvariate(10.6, 1.1))
        path.pass_reviews(day)
        multiplier = book.on(day).tiers[path.tier.rank].multiplier
        earned = floor_points(fen, multiplier)
        path.take(Spend(day, fen, ident))
        points += earned
        yield from _order(ident, owner_id, shop_id, day, fen, multiplier, earned)
    path.pass_reviews(END)
    if path.since is not None:
        standing = {"tier": path.tier, "since": path.since, "kept_until": path.kept_until}
        yield TierStanding, {**who, **standing}
    yield MemberFacts, {**who, "points": points, **_facts(path, book, days)}


def _order(
    ident: int, owner_id: int, shop_id: int, day: date, fen: int, multiplier: int, points: int
) -> Iterator[tuple[Any, Row]]:
    who, line = {"owner_id": owner_id}, {"order_line_id": ident}
    order = {"id": ident, "external_id": f"W{ident:09d}", "shop_id": shop_id, "source": "bench"}
    yield Order, {**who, **order, "serviced_on": day, "recorded_at": RECORDED}
    kind = {"kind": OrderKind.SCHEDULED, "paid_by": PaidBy.OWNER}
    yield OrderLine, {"id": ident, "order_id": ident, "line_no": 1, "fen": fen, **kind}
    entry = {"id": ident, "kind": EntryKind.EARN, "points": points, "effective_on": day}
    cause = {"cause_kind": "order-line", "cause_id": str(ident), "details": {}}
    yield LedgerEntry, {**who, **line, **entry, **cause, "recorded_at": RECORDED}
    until = clock.add_months(day, 24)
    if points:
        lot = {"id": ident, "entry_id": ident, "points": points, "rest": points}
        yield Lot, {**who, **lot, "expires_on": until}
    earning = {"earned_on": day, "fen": fen, "fen_left": fen, "multiplier": multiplier}
    yield Earning, {**who, **line, **earning, "points": points, "lot_id": ident if points else None}


def _facts(path: TierPath, book: RuleBook, days: list[int]) -> Row:
    start = book.on(END).window_starts_after(END)
    bought = [BEGIN + timedelta(days=after) for after in days]
    recent = [day for day in bought if day > start]
    due = [clock.add_months(bought[0], 24) + timedelta(days=1)]
    due += [clock.add_months(recent[0], 12)] if recent else []
    due += [path.kept_until + timedelta(days=1)] if path.kept_until else []
    spend = {"spend_fen": path.spend_in_window(END), "spend_as_of": END, "reviewed_on": END}
    return {"tier": path.tier.value, **spend, "next_change_on": min(due)}
