"""Five-minute cells of bays, advisors and cars: taken by one job at a time (R25)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from events.checks.refusals import Taken
from events.models import BayJob, BusyCell, Resource
from foundation.words import N_

CELL = 300
Key = tuple[Resource, int]

_TAKEN = {
    Resource.BAY: N_("This bay is busy at that time. Nothing was moved."),
    Resource.ADVISOR: N_("This advisor has another car at that time. Nothing was moved."),
    Resource.CAR: N_("This car stands in another bay at that time. Nothing was moved."),
}


def span(starts_at: datetime, ends_at: datetime) -> range:
    """The cells that a time touches, counted since 1970."""
    return range(int(starts_at.timestamp()) // CELL, -(-int(ends_at.timestamp()) // CELL))


def span_of(job: BayJob) -> range:
    """The cells of a job, its buffer included."""
    return span(job.starts_at, job.ends_at + timedelta(minutes=job.buffer_minutes))


def keys_of(job: BayJob) -> list[Key]:
    """What the job keeps busy, in an order that all take."""
    wanted = (
        (Resource.ADVISOR, job.advisor_id),
        (Resource.BAY, job.bay_id),
        (Resource.CAR, job.vehicle_id),
    )
    return [(kind, thing) for kind, thing in wanted if thing is not None]


def busy(db: Session, keys: Iterable[Key], when: range, *, but: int | None = None) -> set[Key]:
    """Which of these are busy in some of these cells, with another job than `but`."""
    return {(kind, thing) for kind, thing, _cell in taken(db, keys, when, but=but)}


def taken(
    db: Session, keys: Iterable[Key], when: range, *, but: int | None = None
) -> Iterator[tuple[Resource, int, int]]:
    """(kind, id, cell) of each cell that is busy."""
    which = [(BusyCell.kind == kind) & (BusyCell.resource_id == thing) for kind, thing in keys]
    query = select(BusyCell.kind, BusyCell.resource_id, BusyCell.cell).where(
        or_(*which), BusyCell.cell >= when.start, BusyCell.cell < when.stop
    )
    if but is not None:
        query = query.where(BusyCell.job_id != but)
    for row in db.execute(query):
        yield row[0], row[1], row[2]


def check_free(db: Session, job: BayJob) -> None:
    """Nothing that the job needs is busy with another one."""
    clash = busy(db, keys_of(job), span_of(job), but=job.id)
    if clash:
        raise Taken(_TAKEN[min(clash)[0]])


def settle(db: Session, job: BayJob) -> None:
    """Keep the cells of a new or moved job; refused by the unique key where one is taken."""
    rows = [
        {"kind": kind, "resource_id": thing, "cell": cell}
        for kind, thing in keys_of(job)
        for cell in span_of(job)
    ]
    try:
        with db.begin_nested():
            db.add(job)
            db.flush()
            db.execute(delete(BusyCell).where(BusyCell.job_id == job.id))
            db.execute(insert(BusyCell), [row | {"job_id": job.id} for row in rows])
    except IntegrityError as clash:
        raise Taken(N_("Somebody took this time in the same moment. Nothing was moved.")) from clash


def free(db: Session, job_ids: Iterable[int]) -> None:
    """The jobs are off, and their cells free."""
    ids = list(job_ids)
    db.execute(delete(BusyCell).where(BusyCell.job_id.in_(ids)))
    db.execute(delete(BayJob).where(BayJob.id.in_(ids)))
