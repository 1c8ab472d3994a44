"""How long does a night take over a real-sized ledger, and how does each of its jobs grow?

Everything up to END is as the jobs left it; then one night comes, then a week that the worker
slept through, then a night on which new rules begin and members are told of others. Each night
runs in a process of its own, so that its peak of memory is its.
"""

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app import create_app
from benchmarks import clocks, ledger_rows
from benchmarks.clocks import Spent
from benchmarks.ledger_rows import END, ORDERS_EACH, RECORDED
from benchmarks.postgres import server
from club import checking, jobs
from club.models import RuleNotice, RuleTier, RuleVersion
from foundation import clock, database
from foundation.settings import Settings
from portal.reference.seeding import seed
from tests.conftest import KEYS

SIZES = (10_000, 100_000)
Act = Callable[[Session, Settings, Any], str]


@dataclass(frozen=True, slots=True)
class Night:
    """How many days after END it comes, and the jobs that are measured."""

    name: str
    days: int
    jobs: tuple[tuple[str, Act], ...]
    new_rules: bool = False


PLAIN = (
    ("expiry and reviews", jobs.review_due),
    ("release", jobs.release_points),
    ("notices of endings", jobs.tell_of_endings),
    ("birthdays", jobs.give_birthdays),
)
TURN = (("new rules for everybody", jobs.apply_rules), ("notices of rules", jobs.tell_of_rules))
NIGHTS = (
    Night("one night", 1, PLAIN),
    Night("a week later", 8, PLAIN),
    Night("new rules", 9, TURN, new_rules=True),
)


def main() -> None:
    """Print seconds and memory for each size, and how the work grows with the members."""
    args = sys.argv[1:]
    names = [arg for arg in args if not arg.isdecimal()] or ["sqlite", "postgresql"]
    sizes = [int(arg) for arg in args if arg.isdecimal()] or SIZES
    for name in names:
        taken = [_measured(name, members) for members in sizes]
        for what in taken[0] if len(taken) > 1 else ():
            growth = taken[-1][what] / max(taken[0][what], 0.01)
            print(f"  {name}, {what}: {sizes[-1] / sizes[0]:g} times the members,", end=" ")
            print(f"{growth:.1f} times the work", flush=True)


def _measured(name: str, members: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="marque-bench-") as folder:
        for url in server(name, Path(folder)):
            settings = _open_club(url, Path(folder))
            print(f"{name}, {members:,} members, {members * ORDERS_EACH:,} orders:", end=" ")
            print(f"built in {_filled(url, members)}", flush=True)
            for night in NIGHTS:
                for what, spent, said, memory in _in_a_process(settings, night.name):
                    found[f"{night.name}, {what}"] = spent.work
                    print(f"  {night.name}, {what}: {spent}, peak {memory:.0f} MB; {said}")
                sys.stdout.flush()
    return found


def _filled(url: str, members: int) -> Spent:
    engine = _engine(url)
    with Session(engine) as db:
        return clocks.timed(db, lambda: ledger_rows.fill(db, members))


def _in_a_process(settings: Settings, night: str) -> list[tuple[str, Spent, str, float]]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_run, (settings, night))


def _run(settings: Settings, name: str) -> list[tuple[str, Spent, str, float]]:
    """Per job of the night its name, what it took, what it said, and peak memory in MB."""
    night = next(one for one in NIGHTS if one.name == name)
    engine, day = _engine(settings.database_url), END + timedelta(days=night.days)
    now = clock.start_of(day, settings.zone) + timedelta(minutes=5)
    found, said = [], [""]
    with Session(engine) as db:
        if night.new_rules:
            _easier_rules(db, night)
        for what, job in (*night.jobs, ("ledger check", _check)):
            spent = clocks.timed(db, lambda job=job: said.append(job(db, settings, now)))  # type: ignore[misc]
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            found.append((what, spent, said[-1], memory))
    engine.dispose()
    return found


def _check(db: Session, _settings: Settings, _now: Any) -> str:
    assert list(checking.differences(db)) == []
    return "no difference"


def _easier_rules(db: Session, night: Night) -> None:
    """Rules from that day on by which every threshold is a tenth lower."""
    old = db.scalars(select(RuleVersion)).one()
    day = END + timedelta(days=night.days)
    new = RuleVersion(name="easier", starts_on=day, published_at=RECORDED, bonuses=old.bonuses)
    new.tiers = [
        RuleTier(
            tier=row.tier, threshold_fen=row.threshold_fen * 9 // 10, multiplier=row.multiplier
        )
        for row in old.tiers
    ]
    db.add(new)
    db.flush()
    db.add(RuleNotice(version_id=new.id))
    db.commit()


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


if __name__ == "__main__":
    main()
