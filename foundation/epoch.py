"""Telling a restored copy from the running club: an epoch in the database and in a file (R35).

The epoch moves on before letters go out, so a backup from before that moment disagrees with the
file, and so does a copy that was taken elsewhere without it.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation import audit
from foundation.database import Base

_ROW = 1


class ClubEpoch(Base):
    """The one row that the file in the state folder must agree with before letters go out."""

    __tablename__ = "club_epoch"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[str]


def file_of(state_dir: Path, database_url: str) -> Path:
    """The epoch's file: one per database, named without its password."""
    url = make_url(database_url)
    named = hashlib.sha256(f"{url.get_backend_name()}:{url.database}".encode()).hexdigest()
    return state_dir / f"epoch-{named[:12]}"


def agrees(db: Session, file: Path) -> bool:
    """Whether this database is the one that runs here."""
    row = db.get(ClubEpoch, _ROW, populate_existing=True)
    return row is not None and row.epoch in _in_file(file)


def begin(db: Session, file: Path) -> None:
    """Give a new club its first epoch; one that has any keeps it."""
    if db.get(ClubEpoch, _ROW) is not None:
        return
    epoch = secrets.token_hex(16)
    _write(file, [epoch])
    db.add(ClubEpoch(id=_ROW, epoch=epoch))
    db.flush()


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Within, no other process moves the epoch: around move_on, commit and forget_older."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def move_on(db: Session, file: Path) -> bool:
    """The next epoch; False where the two disagree. The file holds both until the commit."""
    row = db.get(ClubEpoch, _ROW, populate_existing=True)
    if row is None or row.epoch not in _in_file(file):
        return False
    following = secrets.token_hex(16)
    _write(file, [row.epoch, following])
    row.epoch = following
    db.flush()
    return True


def forget_older(db: Session, file: Path) -> None:
    """After the commit of move_on: a backup from before it no longer agrees."""
    _write(file, [db.get_one(ClubEpoch, _ROW).epoch])


def confirm(db: Session, file: Path, *, by: int | None, now: datetime) -> None:
    """A person says that this is the running club: letters may go out again."""
    epoch = secrets.token_hex(16)
    _write(file, [*_in_file(file), epoch])
    db.merge(ClubEpoch(id=_ROW, epoch=epoch))
    audit.record(db, "epoch.confirm", "club", 0, by=by, now=now)
    db.flush()


def _in_file(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except FileNotFoundError:
        return []


def _write(file: Path, epochs: list[str]) -> None:
    """Whole or not at all, also when the machine stops in between."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    with open(draft, "w") as opened:
        opened.write("\n".join(epochs))
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
