"""Seconds by the wall and of processor work: a shared machine makes the first say little."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """What something took. `work` is processor time of this process and of its connection's
    process in the database server."""

    seconds: float
    work: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.work:.2f} s of work"


def timed(db: Session, act: Callable[[], object]) -> Spent:
    """Do it and say what it took."""
    backend = _backend(db)
    wall, work, served = time.perf_counter(), time.process_time(), _served(backend)
    act()
    worked = time.process_time() - work + _served(backend) - served
    return Spent(time.perf_counter() - wall, worked)


def _backend(db: Session) -> int | None:
    """The process of the database server that answers this session, where there is one."""
    if db.get_bind().dialect.name == "sqlite":
        return None
    found: int | None = db.scalar(text("SELECT pg_backend_pid()"))
    db.commit()
    return found


def _served(backend: int | None) -> float:
    if backend is None:
        return 0.0
    words = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS
