"""How long does a page of figures take in a large club, and how does it grow?

The page of all owners also as of the end of last year: who rose or fell since is walked again.
"""

import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from benchmarks import clocks, figure_rows
from benchmarks.clocks import Spent
from benchmarks.postgres import server
from benchmarks.simulate import END, open_club
from club.staff.boards import front
from club.staff.boards.asking import Ask
from club.staff.figures import TOPICS
from foundation import database
from foundation.periods import Span, period_of

SIZES = (10_000, 100_000)
TODAY, ZONE = END, ZoneInfo("Asia/Shanghai")
BOARDS = {"front": front.board, **{name: topic.board for name, topic in TOPICS.items()}}
PAGES = {name: (board, Span.TWELVE) for name, board in BOARDS.items()}
PAGES["owners last year"] = (BOARDS["owners"], Span.LAST_YEAR)


def main() -> None:
    """Print what each page's work takes, for each size on each database, and how it grows."""
    args = sys.argv[1:]
    names = [arg for arg in args if not arg.isdecimal()] or ["sqlite", "postgresql"]
    sizes = [int(arg) for arg in args if arg.isdecimal()] or SIZES
    for name in names:
        taken = [_measured(name, members) for members in sizes]
        for page in PAGES if len(taken) > 1 else ():
            growth = taken[-1][page].work / max(taken[0][page].work, 0.01)
            print(f"  {name}, {page}: {sizes[-1] / sizes[0]:g} times the owners,", end=" ")
            print(f"{growth:.1f} times the work", flush=True)


def _measured(name: str, members: int) -> dict[str, Spent]:
    found = {}
    with tempfile.TemporaryDirectory(prefix="marque-bench-") as folder:
        for url in server(name, Path(folder)):
            app = open_club(url, Path(folder))
            engine = create_engine(url, **database.engine_options(url))
            database.prepare(engine)
            with Session(engine) as db:
                figure_rows.fill(db, members)
            print(f"figures, {name}, {members:,} owners, {members * 10:,} orders:", flush=True)
            for page in PAGES:
                found[page] = _page(app, engine, page)
                print(f"  {page}: {found[page]}", flush=True)
            engine.dispose()
    return found


def _page(app: Flask, engine: Engine, page: str) -> Spent:
    """A page, as a rule for the last twelve months, read for the first time."""
    board, span = PAGES[page]
    with Session(engine) as db, app.test_request_context():
        ask = Ask(db, period_of(span, today=TODAY), TODAY, ZONE, "")
        return clocks.timed(db, lambda: board(ask))


if __name__ == "__main__":
    main()
