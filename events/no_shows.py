"""Who kept a place and did not come: noted, told in words, appealed, decided by people (R31).

The house draws no consequence by itself. After several a person may ask for a confirmation by
phone, or for a later place in the queue, and takes it back.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from events import deadlines, letters
from events.came import came
from events.models import (
    CheckIn,
    Event,
    EventState,
    Measure,
    NoShow,
    NoShowState,
    Registration,
    RegistrationState,
)
from foundation import audit, clock, tunables
from foundation.words import N_

GRACE_HOURS = tunables.declare(
    "events.no_show_grace_hours",
    24,
    N_("Who did not come is noted so long after the end"),
    N_("hours"),
    1,
    240,
)
MONTHS = tunables.declare(
    "events.no_show_months", 12, N_("A missed event counts for"), N_("months"), 1, 60
)
ASK_FROM = tunables.declare(
    "events.no_show_ask_from",
    3,
    N_("From so many missed events on, staff may ask for a confirmation or a later place"),
    N_("events"),
    2,
    20,
)
LOOKS_BACK = timedelta(days=30)
COUNTS = (NoShowState.COUNTED, NoShowState.APPEALED, NoShowState.KEPT)


def due_query(db: Session, *, now: datetime) -> Select[Registration]:
    """Confirmed, kept until the end, never seen anywhere; not noted yet.

    Only of events that took place, whose door was used at all, and whose grace is over. Who was
    cancelled, by themselves in time or by staff, has no confirmed place any more.
    """
    until = now - timedelta(hours=tunables.value(db, GRACE_HOURS))
    seen = select(CheckIn.id).join(Registration).where(CheckIn.undone_at.is_(None))
    door_used = seen.where(Registration.event_id == Event.id).correlate(Event).exists()
    noted = select(NoShow.id).where(NoShow.registration_id == Registration.id).exists()
    return (
        select(Registration)
        .join(Event)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.ends_at < until,
            Event.ends_at >= until - LOOKS_BACK,
            Registration.state == RegistrationState.CONFIRMED,
            door_used,
            ~came(),
            ~noted,
        )
        .order_by(Event.ends_at, Registration.id)
    )


def note(db: Session, registration: Registration, *, now: datetime) -> NoShow:
    """It counts, and the member is told: friendly the first time, clearly from the second on."""
    event = registration.event
    missed_on = clock.shop_day(event.ends_at, event.shop.zone)
    before = counted(db, registration.owner_id, on=missed_on)
    made = NoShow(
        registration=registration, missed_on=missed_on, grade=len(before) + 1, noted_at=now
    )
    db.add(made)
    db.flush()
    awake, one = deadlines.next_waking_moment(db, event, now=now), registration.id
    letters.tell(
        db,
        registration,
        "no-show",
        now=now,
        not_before=awake,
        grade=made.grade,
        months=tunables.value(db, MONTHS),
    )
    audit.record(db, "no-show.note", "registration", one, by=None, now=now, grade=made.grade)
    db.flush()
    return made


def counted(db: Session, owner_id: int, *, on: date) -> Sequence[NoShow]:
    """The missed events of a member that count on this day, newest first."""
    since = clock.add_months(on, -tunables.value(db, MONTHS))
    return db.scalars(
        _with_event(select(NoShow))
        .join(NoShow.registration)
        .where(
            Registration.owner_id == owner_id,
            NoShow.missed_on > since,
            NoShow.missed_on <= on,
            NoShow.state.in_(COUNTS),
        )
        .order_by(NoShow.missed_on.desc(), NoShow.id.desc())
    ).all()


def of_registration(db: Session, registration_id: int) -> NoShow | None:
    """What stands about one registration."""
    return db.scalar(select(NoShow).where(NoShow.registration_id == registration_id))


def of_registrations(db: Session, registration_ids: Sequence[int]) -> dict[int, NoShow]:
    """The same for many, by the registration's id."""
    query = select(NoShow).where(NoShow.registration_id.in_(registration_ids))
    return {one.registration_id: one for one in db.scalars(query)}


def waiting_query() -> Select[NoShow]:
    """Appeals that wait for somebody, oldest first."""
    query = _with_event(select(NoShow)).where(NoShow.state == NoShowState.APPEALED)
    return query.order_by(NoShow.appealed_at, NoShow.id)


def newest_query() -> Select[NoShow]:
    """All that was noted, newest first."""
    query = _with_event(select(NoShow)).where(NoShow.state != NoShowState.APPEALED)
    return query.order_by(NoShow.id.desc())


def _with_event(query: Select[NoShow]) -> Select[NoShow]:
    registration = joinedload(NoShow.registration)
    return query.options(
        registration.joinedload(Registration.event), registration.joinedload(Registration.owner)
    )


def measures_of(db: Session, owner_ids: Sequence[int], *, on: date) -> dict[int, Measure]:
    """What staff have decided for each of these members, where it still holds."""
    rows = db.execute(
        select(Registration.owner_id, NoShow.measure)
        .join(NoShow, NoShow.registration_id == Registration.id)
        .where(
            Registration.owner_id.in_(owner_ids),
            NoShow.measure != Measure.NONE,
            NoShow.measure_until >= on,
        )
        .order_by(NoShow.id)
    )
    return dict(rows.all())


def counts_of(db: Session, owner_ids: Sequence[int], *, on: date) -> dict[int, int]:
    """How many missed events count for each of these members."""
    since = clock.add_months(on, -tunables.value(db, MONTHS))
    rows = db.execute(
        select(Registration.owner_id, func.count())
        .join(NoShow, NoShow.registration_id == Registration.id)
        .where(
            Registration.owner_id.in_(owner_ids),
            NoShow.missed_on > since,
            NoShow.state.in_(COUNTS),
        )
        .group_by(Registration.owner_id)
    )
    return dict(rows.all())
