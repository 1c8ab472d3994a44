"""How long does a page of figures take in a large club, and how does it grow?"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from benchmarks.postgres import server
from benchmarks.simulate import BEGIN, END, RECORDED, fill, open_club
from club.models import EntryKind, LedgerEntry, Lot, TierChange, TierCode
from club.staff.boards import front
from club.staff.boards.asking import Ask
from club.staff.figures import TOPICS
from foundation import clock, database
from foundation.periods import Span, period_of

SIZES = (10_000, 100_000)
TODAY, ZONE = END, ZoneInfo("Asia/Shanghai")
PAGES = {"front": front.board, **{name: topic.board for name, topic in TOPICS.items()}}


def main() -> None:
    """Print the seconds of each page's database work, for each size on each database."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    for name in ("sqlite", "postgresql"):
        for members in sizes:
            with tempfile.TemporaryDirectory(prefix="marque-bench-") as folder:
                for url in server(name, Path(folder)):
                    _measure(name, url, Path(folder), members)


def _measure(name: str, url: str, folder: Path, members: int) -> None:
    app = open_club(url, folder)
    engine = create_engine(url, **database.engine_options(url))
    database.prepare(engine)
    fill(engine, members)
    with Session(engine) as db:
        for table, rows in _moves(members):
            db.execute(insert(table), rows)
        days = (END - BEGIN).days
        # joined over the whole time, and one in four never
        shift = f"date('{BEGIN}', '+' || (owner_id * 37 % {days}) || ' days')"
        if name == "postgresql":
            shift = f"date '{BEGIN}' + (owner_id * 37 % {days})::int"
        db.execute(text(f"UPDATE membership SET joined_on = {shift}"))
        db.execute(text("DELETE FROM membership WHERE owner_id % 4 = 0"))
        db.commit()
        db.execute(text("ANALYZE"))
        db.commit()
    print(f"figures, {name}, {members:,} owners: {_seconds(app, engine)}", flush=True)
    engine.dispose()


def _seconds(app: Flask, engine: Any) -> str:
    """Each page for the last twelve months, read for the first time."""
    found = []
    for page, board in PAGES.items():
        with Session(engine) as db, app.test_request_context():
            period = period_of(Span.TWELVE, today=TODAY)
            begun = time.perf_counter()
            board(Ask(db, period, TODAY, ZONE, ""))
            found.append(f"{page} {time.perf_counter() - begun:.2f} s")
    return ", ".join(found)


def _moves(members: int) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """Ten entries with their lots for each owner, a spending each, and two changes of tier."""
    dice, ident = random.Random(5), 0
    for first in range(1, members + 1, 5000):
        rows: dict[Any, list[dict[str, Any]]] = {LedgerEntry: [], Lot: [], TierChange: []}
        for owner_id in range(first, min(first + 5000, members + 1)):
            for number in range(11):
                ident += 1
                on = BEGIN + timedelta(days=dice.randrange((END - BEGIN).days))
                rows[LedgerEntry].append(_entry(ident, owner_id, on, spends=number == 10))
                if number < 10:
                    ends = clock.add_months(on, 24)
                    lot = {"owner_id": owner_id, "entry_id": ident, "points": 500}
                    rows[Lot].append(lot | {"rest": dice.choice((0, 500)), "expires_on": ends})
            for before, after in (
                (TierCode.GENERAL, TierCode.SILVER),
                (TierCode.SILVER, TierCode.GOLD),
            ):
                on = BEGIN + timedelta(days=dice.randrange((END - BEGIN).days))
                change = {"owner_id": owner_id, "before": before, "after": after, "changed_on": on}
                change |= {"recorded_at": RECORDED, "reason": "spend", "spend_fen": 0}
                rows[TierChange].append(change)
        yield from rows.items()


def _entry(ident: int, owner_id: int, on: date, *, spends: bool) -> dict[str, Any]:
    kind = EntryKind.SPEND if spends else EntryKind.EARN
    entry = {"id": ident, "owner_id": owner_id, "kind": kind, "points": -300 if spends else 500}
    entry |= {"effective_on": on, "recorded_at": RECORDED, "cause_kind": "till-quote"}
    return entry | {"cause_id": str(ident), "details": {}}


if __name__ == "__main__":
    main()
