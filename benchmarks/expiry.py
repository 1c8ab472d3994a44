"""How long does a night take over a real-sized ledger: expiry and reviews, notices, the check?

Everything up to END is as the jobs left it; then one night comes, and then a week that the
worker slept through. Each night runs in a process of its own, so that its peak of memory is its.
"""

import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.orm import Session

from app import create_app
from benchmarks.postgres import server
from club import checking, jobs
from club.models import Allocation, Earning, EntryKind, LedgerEntry, Lot, TierStanding
from club.rules_in_force import RuleBook, rule_book
from club.tier_path import Spend, TierPath
from foundation import clock, database
from foundation.money import floor_points
from foundation.settings import Settings
from foundation.shop import Shop
from members.models import MemberFacts, Membership, OrderKind, OrderLine, Owner, PaidBy
from members.models import ServiceOrder as Order
from portal.reference.seeding import seed
from tests.conftest import KEYS

SIZES, ORDERS_EACH = (10_000, 100_000), 10
END = date(2026, 11, 1)
BEGIN = clock.add_months(END, -24) + timedelta(days=1)
RECORDED = datetime(2026, 11, 1, 4, tzinfo=UTC)
NIGHTS = (("one night", 1), ("a week later", 8))
Row = dict[str, Any]


def main() -> None:
    """Print seconds and memory for each size, and how both grow with the members."""
    args = sys.argv[1:]
    names = [arg for arg in args if not arg.isdecimal()] or ["sqlite", "postgresql"]
    sizes = [int(arg) for arg in args if arg.isdecimal()] or SIZES
    for name in names:
        taken = [_measured(name, members) for members in sizes]
        for what in taken[0] if len(taken) > 1 else ():
            growth = (taken[-1][what] / taken[0][what]) / (sizes[-1] / sizes[0])
            print(f"  {what}: {sizes[-1] // sizes[0]} times the members, {growth:.2f} each")


def _measured(name: str, members: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="marque-bench-") as folder:
        for url in server(name, Path(folder)):
            settings = _open_club(url, Path(folder))
            _fill(url, members)
            for night, days in NIGHTS:
                for what, seconds, work, memory in _in_a_process(_night, settings, END, days):
                    found[f"{what}, {night}"] = work
                    print(f"{name}, {members:,} members, {members * ORDERS_EACH:,} orders:", end="")
                    print(f" {what}, {night}: {seconds:.1f} s, {work:.1f} s of work,", end="")
                    print(f" peak {memory:.0f} MB", flush=True)
    return found


def _in_a_process(act: Callable[..., list[Any]], *args: Any) -> list[Any]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(act, args)


def _night(settings: Settings, end: date, days: int) -> list[tuple[str, float, float, float]]:
    """Per job of the night its name, seconds by the clock and of work here, and peak memory."""
    engine, day = _engine(settings.database_url), end + timedelta(days=days)
    now = clock.start_of(day, settings.zone) + timedelta(minutes=5)
    found = []
    with Session(engine) as db:
        for name, job in (
            ("expiry and reviews", jobs.review_due),
            ("release", jobs.release_points),
            ("notices", jobs.tell_of_endings),
        ):
            begun = _clocks()
            said = job(db, settings, now)
            found.append((name, *_since(begun), _peak()))
            print(f"    {said}", file=sys.stderr)
        begun = _clocks()
        assert list(checking.differences(db)) == []
        found.append(("ledger check", *_since(begun), _peak()))
    engine.dispose()
    return found


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(begun: tuple[float, float]) -> tuple[float, float]:
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _engine(url: str) -> Engine:
    engine = create_engine(url, **database.engine_options(url))
    database.prepare(engine)
    return engine


def _open_club(url: str, folder: Path) -> Settings:
    settings = replace(Settings.read({"CLUB_STATE_DIR": str(folder)}, KEYS), database_url=url)
    app = create_app(settings)
    with app.app_context():
        app.extensions["alembic"].upgrade()
        with Session(app.extensions["sqlalchemy"].engine) as db:
            seed(db, now=RECORDED)
            db.commit()
        app.extensions["sqlalchemy"].engine.dispose()
    return settings


def _fill(url: str, members: int) -> None:
    """Members with ten orders of the last 24 months, all that the jobs would have kept of them."""
    engine, dice = _engine(url), random.Random(7)
    tables = (Owner, Membership, Order, OrderLine, LedgerEntry, Lot, Allocation, Earning)
    with Session(engine) as db:
        book, shop_id = rule_book(db), db.scalars(select(Shop.id)).one()
        for first in range(1, members + 1, 2000):
            rows: dict[Any, list[Row]] = {table: [] for table in (*tables, TierStanding)}
            rows[MemberFacts] = []
            for owner_id in range(first, min(first + 2000, members + 1)):
                for table, row in _owner(book, owner_id, shop_id, dice):
                    rows[table].append(row)
            for table, some in rows.items():
                if some:
                    db.execute(insert(table), some)
            db.commit()
    engine.dispose()


def _owner(
    book: RuleBook, owner_id: int, shop_id: int, dice: random.Random
) -> Iterator[tuple[Any, Row]]:
    who, number = {"owner_id": owner_id}, f"S{owner_id:07d}"
    yield Owner, {"id": owner_id, "name": number, "phone": None, "created_at": RECORDED}
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
    spend = {"spend_fen": path.spend_in_window(END), "spend_as_of": END}
    return {"tier": path.tier.value, **spend, "next_change_on": min(due)}


if __name__ == "__main__":
    main()
