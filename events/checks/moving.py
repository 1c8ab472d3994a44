"""Staff put a booked car into another bay or to another time; the owner is told of the time."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from events import calendar, changing, letters
from events.checks import bays, cells, placing
from events.checks.refusals import NotPlaced, NotThere
from events.models import (
    Bay,
    BayJob,
    BayPlan,
    Event,
    EventSession,
    Registration,
    RegistrationState,
)
from foundation import audit
from foundation.words import N_


def move(
    db: Session,
    registration: Registration,
    *,
    bay_id: int,
    starts_at: datetime,
    advisor_id: int | None = None,
    by: int | None,
    now: datetime,
) -> BayJob:
    """The car stands in this bay from this moment on, in the slot that lies there.

    Refused where the bay, the car or the advisor is busy, by the question and by the unique key
    (R25). Another time sends one letter, with the calendar entry where the slot changed (R29).
    """
    if registration.state != RegistrationState.CONFIRMED:
        raise NotPlaced(N_("This registration has no place any more."))
    plan, bay = _bay_of(db, registration.event, bay_id)
    session = _session_at(registration.event, starts_at)
    job = placing.job_of(db, registration.id)
    told = _told(registration, job)
    if session is not registration.session:
        changing.change(db, registration, session=session, as_staff=True, by=by, now=now)
        job = placing.job_of(db, registration.id)
    job = _set(job, registration, plan, bay, starts_at, advisor_id)
    with db.no_autoflush:
        cells.check_free(db, job)
    cells.settle(db, job)
    if starts_at != told:
        _tell(db, registration, job, now=now)
    audit.record(db, "bay-job.move", "registration", registration.id, by=by, now=now, bay=bay.id)
    db.flush()
    return job


def _bay_of(db: Session, event: Event, bay_id: int) -> tuple[BayPlan, Bay]:
    plan = bays.plan_of(db, event.id)
    found = next((bay for bay in plan.bays if bay.id == bay_id), None) if plan else None
    if plan is None or found is None or not found.active:
        raise NotThere(N_("This bay does not serve the event."))
    return plan, found


def _session_at(event: Event, at: datetime) -> EventSession:
    """The slot in which the moment lies; the later one where two overlap."""
    found = [one for one in event.sessions if one.starts_at <= at < one.ends_at]
    if not found or at.timestamp() % cells.CELL:
        raise NotThere(N_("The event has no slot at this time. Choose a time within one."))
    return found[-1]


def _told(registration: Registration, job: BayJob | None) -> datetime | None:
    """The time that the owner knows."""
    if job is not None:
        return job.starts_at
    return registration.session.starts_at if registration.session else None


def _set(
    job: BayJob | None,
    registration: Registration,
    plan: BayPlan,
    bay: Bay,
    starts_at: datetime,
    advisor_id: int | None,
) -> BayJob:
    if job is None:
        job = placing.new_job(registration, plan, bay, starts_at)
        job.moves = 0
    else:
        length = job.ends_at - job.starts_at
        job.bay_id, job.starts_at, job.ends_at = bay.id, starts_at, starts_at + length
    job.advisor_id, job.moves = advisor_id, job.moves + 1
    return job


def _tell(db: Session, registration: Registration, job: BayJob, *, now: datetime) -> None:
    values: dict[str, Any] = {
        "starts_at": job.starts_at.isoformat(),
        "ends_at": job.ends_at.isoformat(),
        "calendar": {
            "method": calendar.Method.PUBLISH,
            "body": calendar.of_registration(
                registration, method=calendar.Method.PUBLISH, now=now
            ).decode(),
        },
    }
    letters.tell(
        db,
        registration,
        "bay-moved",
        key=f"{registration.id}:{job.starts_at.isoformat()}:{now.isoformat()}",
        now=now,
        not_after=job.starts_at + timedelta(hours=1),
        **values,
    )
