"""One day of an event in the workshop: bays as columns, quarters of an hour as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from events.checks import bays, placing
from events.models import Bay, BayJob, BayPlan, CheckSheet, Event, Registration
from foundation import clock

STEP = timedelta(minutes=15)


@dataclass(slots=True)
class Cell:
    """A quarter of an hour in one bay: a job over `rows` quarters, free, or between slots."""

    bay: Bay
    at: datetime
    job: BayJob | None = None
    rows: int = 1
    open: bool = True


@dataclass(slots=True)
class Row:
    """A quarter of an hour; where a job goes on from above there is no cell."""

    at: datetime
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """What the desk sees of one day."""

    on: date
    days: list[date]
    plan: BayPlan
    bays: list[Bay]
    rows: list[Row]
    waiting: Sequence[Registration]
    checks: dict[int, CheckSheet]


def days_of(event: Event) -> list[date]:
    """The days on which the event has slots."""
    zone = event.shop.zone
    return sorted({clock.shop_day(one.starts_at, zone) for one in event.sessions})


def day_of(db: Session, event: Event, plan: BayPlan, on: date) -> Day:
    """The jobs of all events in the bays of this one, and who needs a bay."""
    zone = event.shop.zone
    used = [bay for bay in plan.bays if bay.active]
    jobs = _jobs(db, used, on, zone)
    waiting = [
        one
        for one in db.scalars(_with_people(placing.without_bay_query(event.id)))
        if one.session and clock.shop_day(one.session.starts_at, zone) == on
    ]
    ids = [job.registration_id for job in jobs]
    found = db.scalars(select(CheckSheet).where(CheckSheet.registration_id.in_(ids)))
    return Day(
        on,
        days_of(event),
        plan,
        used,
        _rows(event, used, jobs, on),
        waiting,
        {check.registration_id: check for check in found},
    )


def needs_bay(db: Session, event_id: int) -> int:
    """How many confirmed cars have no bay yet; nobody where the event uses none."""
    if bays.plan_of(db, event_id) is None:
        return 0
    return len(db.scalars(placing.without_bay_query(event_id)).all())


def _with_people(query: Select[Registration]) -> Select[Registration]:
    return query.options(
        joinedload(Registration.owner),
        joinedload(Registration.vehicle),
        joinedload(Registration.session),
    )


def _jobs(db: Session, used: list[Bay], on: date, zone: ZoneInfo) -> Sequence[BayJob]:
    begin = clock.start_of(on, zone)
    query = (
        select(BayJob)
        .where(
            BayJob.bay_id.in_([bay.id for bay in used]),
            BayJob.starts_at >= begin,
            BayJob.starts_at < begin + timedelta(days=1),
        )
        .options(
            joinedload(BayJob.registration).joinedload(Registration.owner),
            joinedload(BayJob.registration).joinedload(Registration.vehicle),
            joinedload(BayJob.registration).joinedload(Registration.event),
            joinedload(BayJob.advisor),
        )
        .order_by(BayJob.starts_at)
    )
    return db.scalars(query).all()


def _rows(event: Event, used: list[Bay], jobs: Sequence[BayJob], on: date) -> list[Row]:
    """Each quarter from the first slot to the last, with a cell where something begins."""
    zone = event.shop.zone
    slots = [one for one in event.sessions if clock.shop_day(one.starts_at, zone) == on]
    if not slots:
        return []
    first = min([one.starts_at for one in slots] + [job.starts_at for job in jobs])
    last = max([one.ends_at for one in slots] + [_until(job) for job in jobs])
    rows = []
    at = _quarter(first)
    while at < last:
        rows.append(Row(at))
        at += STEP
    for bay in used:
        mine = {_quarter(job.starts_at): job for job in jobs if job.bay_id == bay.id}
        _fill(rows, bay, mine, [(one.starts_at, one.ends_at) for one in slots])
    return rows


def _fill(
    rows: list[Row], bay: Bay, mine: dict[datetime, BayJob], slots: list[tuple[datetime, datetime]]
) -> None:
    skip = 0
    for place, row in enumerate(rows):
        job = mine.get(row.at)
        if job is None and skip > 0:
            skip -= 1
            continue
        cell = Cell(bay, row.at, job, open=any(one <= row.at < end for one, end in slots))
        if job is not None:
            cell.rows = _length(rows, place, job, mine)
            skip = cell.rows - 1
        row.cells.append(cell)


def _length(rows: list[Row], place: int, job: BayJob, mine: dict[datetime, BayJob]) -> int:
    """So many quarters until it is over, or until the next job of the bay begins."""
    length = 1
    for row in rows[place + 1 :]:
        if row.at >= _until(job) or row.at in mine:
            break
        length += 1
    return length


def _until(job: BayJob) -> datetime:
    return job.ends_at + timedelta(minutes=job.buffer_minutes)


def _quarter(moment: datetime) -> datetime:
    step = int(STEP.total_seconds())
    return datetime.fromtimestamp(moment.timestamp() // step * step, moment.tzinfo)
