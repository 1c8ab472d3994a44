"""A bay for each booked car: given with the place, freed with it, moved along with it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from events.checks import cells
from events.checks.refusals import Taken
from events.models import (
    Bay,
    BayJob,
    BayPlan,
    BayWork,
    EventSession,
    Registration,
    RegistrationState,
    Resource,
)
from members.models import Energy, Vehicle

PLUGS = (Energy.PLUG_IN, Energy.RANGE_EXTENDER, Energy.ELECTRIC)


def job_of(db: Session, registration_id: int) -> BayJob | None:
    """The job of a registration, if it has a bay."""
    return db.scalar(select(BayJob).where(BayJob.registration_id == registration_id))


def give(db: Session, registration: Registration) -> BayJob | None:
    """A bay in the slot of a confirmed car. None where the event has no bays or none is free:
    the place stands all the same, and the desk shows that it needs a bay."""
    if registration.session_id is None or registration.state != RegistrationState.CONFIRMED:
        return None
    plan, session = db.get(BayPlan, registration.event_id), registration.session
    if plan is None or session is None:
        return None
    for bay, starts_at in _free_places(db, plan, session, registration.vehicle):
        job = new_job(registration, plan, bay, starts_at)
        try:
            cells.settle(db, job)
        except Taken:  # another event's car was quicker
            continue
        return job
    return None


def new_job(registration: Registration, plan: BayPlan, bay: Bay, starts_at: datetime) -> BayJob:
    """The registered car in a bay from a moment on; it keeps nothing busy yet."""
    return BayJob(
        registration_id=registration.id,
        event_id=registration.event_id,
        bay_id=bay.id,
        vehicle_id=registration.vehicle_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=plan.job_minutes),
        buffer_minutes=plan.buffer_minutes,
    )


def leave(db: Session, registration: Registration) -> None:
    """The bay is free again, for the next of the slot that needs one."""
    if registration.session_id is None:
        return
    job = job_of(db, registration.id)
    if job is not None:
        cells.free(db, [job.id])
        db.expunge(job)
        serve(db, registration.event_id, registration.session_id)


def follow(db: Session, registration: Registration) -> None:
    """After a change of slot or car the bay is the one of the new slot, for the new car."""
    session = registration.session
    if session is None or registration.state != RegistrationState.CONFIRMED:
        return
    job = job_of(db, registration.id)
    if job is None:
        give(db, registration)
        return
    left = _slot_of(db, registration.event_id, job.starts_at)
    if left == session.id and job.vehicle_id == registration.vehicle_id:
        return
    if left == session.id and _take_over(db, job, registration.vehicle_id):
        return
    cells.free(db, [job.id])
    db.expunge(job)
    give(db, registration)
    if left is not None:
        serve(db, registration.event_id, left)


def follow_sessions(db: Session, sessions: Sequence[EventSession]) -> None:
    """Whole slots moved: their cars get bays at the new times, those who came first first, and
    keep their advisor who is free then. All leave before the first is placed again, so that no
    slot stands in the way of another one that moves as well."""
    ids = [session.id for session in sessions]
    mine = select(Registration.id).where(Registration.session_id.in_(ids))
    jobs = list(db.scalars(select(BayJob).where(BayJob.registration_id.in_(mine))))
    advisors = {job.registration_id: job.advisor_id for job in jobs}
    cells.free(db, [job.id for job in jobs])
    for job in jobs:
        db.expunge(job)
    for session in sessions:
        serve(db, session.event_id, session.id)
    for job in db.scalars(select(BayJob).where(BayJob.registration_id.in_(advisors))).all():
        _keep_advisor(db, job, advisors[job.registration_id])


def _keep_advisor(db: Session, job: BayJob, advisor_id: int | None) -> None:
    if advisor_id is None:
        return
    job.advisor_id = advisor_id
    try:
        cells.settle(db, job)
    except Taken:
        job.advisor_id = None


def clear(db: Session, event_id: int) -> None:
    """The event does not take place: all its bays are free."""
    cells.free(db, db.scalars(select(BayJob.id).where(BayJob.event_id == event_id)))


def serve(db: Session, event_id: int, session_id: int | None = None) -> int:
    """Give bays to confirmed cars that have none, in the order of their confirmation; how many."""
    given = 0
    for registration in db.scalars(without_bay_query(event_id, session_id)).all():
        given += give(db, registration) is not None
    return given


def without_bay_query(event_id: int, session_id: int | None = None) -> Select[Registration]:
    """Confirmed registrations of slots that have no bay, the first confirmed first."""
    has_one = select(BayJob.id).where(BayJob.registration_id == Registration.id).exists()
    query = select(Registration).where(
        Registration.event_id == event_id,
        Registration.session_id.is_not(None),
        Registration.state == RegistrationState.CONFIRMED,
        ~has_one,
    )
    if session_id is not None:
        query = query.where(Registration.session_id == session_id)
    return query.order_by(Registration.confirmed_at, Registration.id)


def _free_places(
    db: Session, plan: BayPlan, session: EventSession, vehicle: Vehicle | None
) -> Iterator[tuple[Bay, datetime]]:
    """Bays and starts within the slot that look free, the earliest first. A car with a plug goes
    to a high-voltage bay if it can, the others leave those free for them."""
    length = timedelta(minutes=plan.job_minutes)
    whole = length + timedelta(minutes=plan.buffer_minutes)
    plug = vehicle is not None and vehicle.energy in PLUGS
    bays = sorted(
        (bay for bay in plan.bays if bay.active),
        key=lambda bay: ((BayWork.HIGH_VOLTAGE in bay.does) != plug, bay.position, bay.id),
    )
    keys: list[cells.Key] = [(Resource.BAY, bay.id) for bay in bays]
    car = [(Resource.CAR, vehicle.id)] if vehicle else []
    if not keys:
        return
    busy = set(
        cells.taken(db, [*keys, *car], cells.span(session.starts_at, session.ends_at + whole))
    )
    starts_at = session.starts_at
    while starts_at == session.starts_at or starts_at + length <= session.ends_at:
        when = cells.span(starts_at, starts_at + whole)
        for bay in bays:
            needed = [(Resource.BAY, bay.id), *car]
            if not any((kind, thing, cell) in busy for kind, thing in needed for cell in when):
                yield bay, starts_at
        starts_at += whole


def _slot_of(db: Session, event_id: int, at: datetime) -> int | None:
    """The slot of the event in which a moment lies."""
    return db.scalar(
        select(EventSession.id)
        .where(
            EventSession.event_id == event_id,
            EventSession.starts_at <= at,
            EventSession.ends_at > at,
        )
        .order_by(EventSession.starts_at.desc())
        .limit(1)
    )


def _take_over(db: Session, job: BayJob, vehicle_id: int | None) -> bool:
    """Another car of the member comes in the same bay at the same time, if it is free then."""
    before, job.vehicle_id = job.vehicle_id, vehicle_id
    try:
        cells.settle(db, job)
    except Taken:
        job.vehicle_id = before
        return False
    return True
