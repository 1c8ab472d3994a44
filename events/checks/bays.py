"""The bays of the shop, and how an event uses them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from events import quotas
from events.checks import placing
from events.checks.refusals import BayUnclear, PlanUnclear
from events.models import Bay, BayJob, BayPlan, BayWork, Event, EventBay
from foundation import audit
from foundation.shop import the_shop
from foundation.words import N_

SHORTEST, LONGEST, LONGEST_BUFFER = 15, 480, 120
NAME = 40


def all_bays(db: Session) -> Sequence[Bay]:
    """Every bay, also those that rest."""
    return db.scalars(select(Bay).order_by(Bay.position, Bay.id)).all()


def keep_bay(
    db: Session,
    bay: Bay | None,
    *,
    name_zh: str,
    name_en: str | None,
    does: Collection[str],
    active: bool,
    by: int | None,
    now: datetime,
) -> Bay:
    """A new bay, or a bay with another name, other work, or at rest."""
    if not name_zh.strip():
        raise BayUnclear(N_("Please give the bay a name."))
    if bay is not None and not active and _busy_later(db, bay, now):
        raise BayUnclear(N_("Cars are booked in this bay. Move them first, then let it rest."))
    if bay is None:
        last = db.scalar(select(func.max(Bay.position))) or 0
        bay = Bay(shop_id=the_shop(db).id, position=last + 1)
        db.add(bay)
    bay.name_zh, bay.name_en = name_zh.strip()[:NAME], (name_en or "").strip()[:NAME] or None
    bay.does, bay.active = [work.value for work in BayWork if work in does], active
    db.flush()
    audit.record(db, "bay.keep", "bay", bay.id, by=by, now=now, active=active)
    return bay


def _busy_later(db: Session, bay: Bay, now: datetime) -> bool:
    later = select(BayJob.id).where(BayJob.bay_id == bay.id, BayJob.ends_at > now)
    return db.scalar(later.limit(1)) is not None


def plan_of(db: Session, event_id: int) -> BayPlan | None:
    """How the event uses bays; None where it uses none."""
    return db.get(BayPlan, event_id)


def set_plan(
    db: Session,
    event: Event,
    *,
    bay_ids: Collection[int],
    job_minutes: int,
    buffer_minutes: int,
    by: int | None,
    now: datetime,
) -> int:
    """Which bays serve the event and for how long; cars that need a bay get one. How many did.

    Jobs that stand keep their time; a bay that is taken out must be empty of this event's cars.
    """
    _check(job_minutes, buffer_minutes)
    known = set(db.scalars(select(Bay.id).where(Bay.id.in_(bay_ids))))
    if not known:
        raise PlanUnclear(N_("Please choose at least one bay."))
    in_use = select(BayJob.bay_id).where(BayJob.event_id == event.id, BayJob.ends_at > now)
    if set(db.scalars(in_use)) - known:
        raise PlanUnclear(
            N_("Cars of this event stand in a bay that you took out. Move them first.")
        )
    plan = plan_of(db, event.id)
    if plan is None:
        plan = BayPlan(event_id=event.id)
        db.add(plan)
    plan.job_minutes, plan.buffer_minutes = job_minutes, buffer_minutes
    db.flush()
    db.execute(delete(EventBay).where(EventBay.event_id == event.id))
    db.execute(insert(EventBay), [{"event_id": event.id, "bay_id": one} for one in sorted(known)])
    db.expire(plan, ["bays"])
    audit.record(db, "bay-plan.set", "event", event.id, by=by, now=now, bays=len(known))
    return placing.serve(db, event.id)


def drop_plan(db: Session, event: Event, *, by: int | None, now: datetime) -> None:
    """The event uses no bays any more, if no car of it is booked into one. Nobody takes a place
    meanwhile, and a bay with it."""
    quotas.hold(db, event.id)
    plan = plan_of(db, event.id)
    if plan is None:
        return
    if db.scalar(select(BayJob.id).where(BayJob.event_id == event.id).limit(1)) is not None:
        raise PlanUnclear(
            N_("Cars of this event are booked into bays, so it cannot do without them.")
        )
    db.delete(plan)
    audit.record(db, "bay-plan.drop", "event", event.id, by=by, now=now)
    db.flush()


def _check(job_minutes: int, buffer_minutes: int) -> None:
    if not SHORTEST <= job_minutes <= LONGEST:
        raise PlanUnclear(
            N_("A job takes from %(low)s to %(high)s minutes."), low=SHORTEST, high=LONGEST
        )
    if not 0 <= buffer_minutes <= LONGEST_BUFFER:
        raise PlanUnclear(N_("A buffer has from 0 to %(high)s minutes."), high=LONGEST_BUFFER)
    if job_minutes % 5 or buffer_minutes % 5:
        raise PlanUnclear(N_("Minutes are counted in fives."))


def rooms_for(plan: BayPlan, starts_at: datetime, ends_at: datetime) -> int:
    """How many cars the bays of the plan can take in a slot."""
    whole = timedelta(minutes=plan.job_minutes + plan.buffer_minutes)
    length = timedelta(minutes=plan.job_minutes)
    in_one = 1 + max((ends_at - starts_at - length) // whole, 0)
    return in_one * sum(bay.active for bay in plan.bays)


def copy_plan(db: Session, event: Event, made: Event) -> None:
    """The copy of an event uses the same bays."""
    plan = plan_of(db, event.id)
    if plan is None:
        return
    again = BayPlan(
        event_id=made.id, job_minutes=plan.job_minutes, buffer_minutes=plan.buffer_minutes
    )
    db.add(again)
    db.flush()
    db.add_all(EventBay(event_id=made.id, bay_id=bay.id) for bay in plan.bays)
