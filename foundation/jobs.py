"""Work behind the pages: what ran when, and which workers are alive."""

from datetime import datetime, timedelta

from sqlalchemy import UniqueConstraint, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Base, Id, rows_changed

ALIVE = timedelta(seconds=60)


class JobRun(Base):
    """One run of a timetable job: the unique key lets one of several workers have it."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("name", "due_at"),)

    id: Mapped[Id]
    name: Mapped[str]
    due_at: Mapped[datetime]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]


class Heartbeat(Base):
    """The last sign of life of one worker."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


def take(db: Session, name: str, due_at: datetime, *, now: datetime) -> bool:
    """Whether this caller is the one that runs `name` for `due_at`."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(JobRun).values(name=name, due_at=due_at, started_at=now)
    return rows_changed(db, row.on_conflict_do_nothing()) == 1


def finish(db: Session, name: str, due_at: datetime, outcome: str, *, now: datetime) -> None:
    """Note how the run ended."""
    run = db.scalars(select(JobRun).where(JobRun.name == name, JobRun.due_at == due_at)).one()
    run.ended_at, run.outcome = now, outcome


def beat(db: Session, worker: str, *, now: datetime) -> None:
    """A sign of life; signs older than a day are swept."""
    db.merge(Heartbeat(worker=worker, at=now))
    db.execute(delete(Heartbeat).where(Heartbeat.at < now - timedelta(days=1)))


def worker_alive(db: Session, *, now: datetime) -> bool:
    """Whether any worker gave a sign within the last minute."""
    newest = db.scalar(select(func.max(Heartbeat.at)))
    return newest is not None and now - newest <= ALIVE
