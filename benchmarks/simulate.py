"""How long does a trial of a rule set take over a real-sized ledger, and how does it grow?"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app import create_app
from benchmarks import copies
from benchmarks.postgres import server
from club.models import Earning, RuleVersion, TierStanding
from club.replay import Line, Orders, Replay, Told
from club.rules_in_force import rule_book, rules_of
from club.simulation_runs import tallies
from club.simulation_tally import Question, Tally
from foundation import clock, database
from foundation.settings import Settings
from foundation.shop import Shop
from members.models import (
    MemberFacts,
    Membership,
    OrderKind,
    OrderLine,
    Owner,
    PaidBy,
    ServiceOrder,
)
from portal.reference.seeding import seed
from tests.conftest import KEYS

SIZES, ORDERS_EACH, BLOCK = (10_000, 100_000), 10, 2_000
GOAL, PROCESSES = 60.0, 2
BEGIN, END = date(2024, 1, 1), date(2026, 11, 1)
RECORDED = datetime(2026, 11, 2, tzinfo=UTC)
KINDS = [kind for kind in OrderKind if kind is not OrderKind.WARRANTY]
TABLES = {
    Owner: 1,
    Membership: 1,
    ServiceOrder: ORDERS_EACH,
    OrderLine: ORDERS_EACH,
    Earning: ORDERS_EACH,
    TierStanding: 1,
    MemberFacts: 1,
}
Row = dict[str, Any]


def main() -> None:
    """Print the seconds for each size on each database, and the growth between the sizes."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for name in ("sqlite", "postgresql"):
        taken = []
        for members in sizes:
            with tempfile.TemporaryDirectory(prefix="marque-bench-") as folder:
                for url in server(name, Path(folder)):
                    taken.append(_measured(name, url, Path(folder), members))
        if len(taken) > 1:
            growth = (taken[-1] / taken[0]) / (sizes[-1] / sizes[0])
            print(f"  {sizes[-1] // sizes[0]} times the members: {growth:.2f} times per order")


def _measured(name: str, url: str, folder: Path, members: int) -> float:
    open_club(url, folder)
    engine = create_engine(url, **database.engine_options(url))
    database.prepare(engine)
    with Session(engine) as db:
        fill(db, members)
        draft = rules_of(db.scalars(select(RuleVersion)).one())
        dearer = tuple(
            replace(row, threshold_fen=row.threshold_fen * 5 // 4) for row in draft.tiers
        )
        book = rule_book(db)
        since = clock.add_months(END, -12)
        question = Question(book, book.as_if(replace(draft, tiers=dearer), since), since, END, {})
        begun, total, worked = time.perf_counter(), Tally(), _worked()
        runs = tallies(db, url, question, PROCESSES)
        next(runs)
        for tally in runs:
            total.add(tally)
        seconds, work = time.perf_counter() - begun, _worked() - worked
    engine.dispose()
    assert total.unlike == 0, total.unlike
    falls = sum(total.moves.values())
    verdict = "" if members < SIZES[-1] else f" (goal {GOAL:.0f} s: {_verdict(seconds)})"
    print(f"trial of rules, {name}: {members:,} members, {total.lines:,} orders:", end=" ")
    print(f"{seconds:.1f} s{verdict}, {work:.1f} s of work;", end=" ")
    print(f"{total.lines / seconds:,.0f} orders/s, {falls:,} move")
    return seconds


def _worked() -> float:
    """Seconds of processor time, of this process and of those that it started and that ended."""
    return sum(os.times()[:4])


def _verdict(seconds: float) -> str:
    return "reached" if seconds <= GOAL else "MISSED"


def open_club(url: str, folder: Path) -> Flask:
    """A club with nothing but what every club begins with."""
    settings = Settings.read({"CLUB_STATE_DIR": str(folder / "state")}, KEYS)
    app = create_app(replace(settings, database_url=url))
    with app.app_context():
        app.extensions["alembic"].upgrade()
        with Session(app.extensions["sqlalchemy"].engine) as db:
            seed(db, now=RECORDED)
            db.commit()
        app.extensions["sqlalchemy"].engine.dispose()
    return app


def fill(db: Session, members: int) -> None:
    """Owners with ten orders each, earned under the seeded rules: different ones, and copies."""
    dice, block = random.Random(7), min(BLOCK, members)
    replay, shop_id = Replay(rule_book(db)), db.scalars(select(Shop.id)).one()
    first = (row for number in range(block) for row in _owner(replay, number + 1, shop_id, dice))
    copies.store(db, TABLES, first, block, members)


def _owner(
    replay: Replay, owner_id: int, shop_id: int, dice: random.Random
) -> Iterator[tuple[Any, Row]]:
    yield Owner, {"id": owner_id, "name": f"车主{owner_id}", "created_at": RECORDED}
    number = f"S{owner_id:07d}"
    yield Membership, {"owner_id": owner_id, "number": number, "joined_on": BEGIN}
    orders = Orders(owner_id)
    days = sorted(dice.randrange((END - BEGIN).days) for _ in range(ORDERS_EACH))
    for place, after in enumerate(days):
        ident = (owner_id - 1) * ORDERS_EACH + place + 1
        day, kind = BEGIN + timedelta(days=after), dice.choice(KINDS)
        fen = int(dice.lognormvariate(10.6, 1.1))
        order = {"id": ident, "external_id": f"W{ident:09d}", "owner_id": owner_id}
        order |= {"shop_id": shop_id, "source": "bench", "serviced_on": day}
        yield ServiceOrder, order | {"recorded_at": RECORDED}
        paid = {"line_no": 1, "kind": kind, "paid_by": PaidBy.OWNER, "fen": fen}
        yield OrderLine, {"id": ident, "order_id": ident, **paid}
        told = Told(0, day, False, order["external_id"], order["source"], 1)
        orders.lines.append(Line(told, ident, fen, fen, kind.value, None, 0, 0))
    held, path = replay.of(orders, END)
    for one in held:
        earned = {"order_line_id": one.line.id, "owner_id": owner_id, "earned_on": one.line.on}
        earned |= {"fen": one.line.fen, "fen_left": one.line.fen}
        yield Earning, earned | {"multiplier": one.rate.hundredths, "points": one.points}
    if path.since is not None:
        standing = {"tier": path.tier, "since": path.since, "kept_until": path.kept_until}
        yield TierStanding, {"owner_id": owner_id} | standing
    facts = {"tier": path.tier.value, "spend_fen": path.spend_in_window(END), "spend_as_of": END}
    yield MemberFacts, {"owner_id": owner_id, "reviewed_on": END} | facts


if __name__ == "__main__":
    main()
