"""An event in the workshop: its bays and minutes, the day as a calendar, cars moved by hand."""

from datetime import date, datetime

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.checks import bays, day, moving, placing, sheets
from events.checks.refusals import NotThere, PlanUnclear
from events.models import BayWork, Event, Registration
from events.staff.loading import planned_event, registration_of
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission, Role
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.language import say
from foundation.web.pages import page, refused
from foundation.words import N_
from members.models import Account, AccountRole

ADVISORS = (Role.SERVICE_ADVISOR, Role.SERVICE_MANAGER)


@bp.get("/desk/events/<int:event_id>/workshop")
@requires(Permission.EVENT_CHECK_IN)
def workshop(event_id: int) -> Response:
    return workshop_page(planned_event(event_id))


def workshop_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    """The day of an event; without bays the page that asks for them."""
    plan = bays.plan_of(db.session, event.id)
    if plan is None:
        return _plan_page(event, status, refusal)
    days = day.days_of(event) or abort(404)
    on = _day(request.args.get("day", ""), days, clock.shop_day(clock.now(), event.shop.zone))
    return page(
        "events/staff/workshop.html",
        status,
        event=event,
        day=day.day_of(db.session, event, plan, on),
        refusal=refusal,
    )


def _day(text: str, days: list[date], today: date) -> date:
    """The day that was asked for, else today or the next one with slots, else the last."""
    asked = next((one for one in days if one.isoformat() == text), None)
    return asked or next((one for one in days if one >= today), days[-1])


@bp.get("/desk/events/<int:event_id>/workshop/plan")
@requires(Permission.EVENT_EDIT)
def workshop_plan(event_id: int) -> Response:
    return _plan_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/workshop/plan")
@requires(Permission.EVENT_EDIT)
def set_workshop_plan(event_id: int) -> Response:
    event = planned_event(event_id)
    return done_or_shown(
        lambda: bays.set_plan(
            db.session,
            event,
            bay_ids=request.form.getlist("bay_id", type=whole),
            job_minutes=_minutes("job_minutes"),
            buffer_minutes=_minutes("buffer_minutes"),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _plan_page(planned_event(event_id), *no),
        back=url_for("events.workshop", event_id=event_id),
        said=lambda given: ngettext(
            "Saved. %(num)s car got a bay.", "Saved. %(num)s cars got a bay.", given
        ),
    )


@bp.post("/desk/events/<int:event_id>/workshop/plan/drop")
@requires(Permission.EVENT_EDIT)
def drop_workshop_plan(event_id: int) -> Response:
    event = planned_event(event_id)
    return done_or_shown(
        lambda: bays.drop_plan(db.session, event, by=current_user.id, now=clock.now()),
        lambda *no: _plan_page(planned_event(event_id), *no),
        back=url_for("events.workshop_plan", event_id=event_id),
        said=_("This event uses no bays."),
    )


def _minutes(name: str) -> int:
    number = request.form.get(name, type=whole)
    if number is None:
        raise PlanUnclear(N_("Please enter the minutes as whole numbers."))
    return number


def _plan_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    plan = bays.plan_of(db.session, event.id)
    slot = event.sessions[0] if event.sessions else None
    return page(
        "events/staff/workshop_plan.html",
        status,
        event=event,
        plan=plan,
        bays=[bay for bay in bays.all_bays(db.session) if bay.active],
        slot_minutes=int((slot.ends_at - slot.starts_at).total_seconds()) // 60 if slot else None,
        rooms=bays.rooms_for(plan, slot.starts_at, slot.ends_at) if plan and slot else None,
        bay_words=lambda bay: " · ".join(say(work.label) for work in BayWork if work in bay.does),
        said=request.form,
        refusal=refusal,
    )


@bp.get("/desk/events/<int:event_id>/workshop/<int:registration_id>")
@requires(Permission.EVENT_CHECK_IN)
def workshop_job(event_id: int, registration_id: int) -> Response:
    return job_page(registration_of(event_id, registration_id))


@bp.post("/desk/events/<int:event_id>/workshop/<int:registration_id>")
@requires(Permission.EVENT_CHECK_IN)
def move_job(event_id: int, registration_id: int) -> Response:
    """Put a car into a bay at a time; the calendar and the plain form send the same fields."""
    registration = registration_of(event_id, registration_id)
    job = placing.job_of(db.session, registration_id)
    try:
        job = moving.move(
            db.session,
            registration,
            bay_id=request.form.get("bay_id", 0, type=whole),
            starts_at=_typed_moment(registration.event),
            advisor_id=_advisor(job.advisor_id if job else None),
            by=current_user.id,
            now=clock.now(),
        )
    except Refusal as no:
        db.session.rollback()
        if "from_calendar" in request.form:
            return workshop_page(planned_event(event_id), 422, refused(no))
        return job_page(registration_of(event_id, registration_id), 422, refused(no))
    db.session.commit()
    flash(_("Saved. The owner is told when the time has changed."))
    on = clock.shop_day(job.starts_at, registration.event.shop.zone)
    return redirect(url_for("events.workshop", event_id=event_id, day=on.isoformat()), 303)


def _typed_moment(event: Event) -> datetime:
    try:
        at = datetime.fromisoformat(typed("at", 40))
    except ValueError:
        at = None
    if at is None or not clock.is_meant(at):
        raise NotThere(N_("Please enter the day and the time."))
    return at.replace(tzinfo=event.shop.zone) if at.tzinfo is None else at


def _advisor(before: int | None) -> int | None:
    """Who was chosen; the calendar does not ask and changes nobody."""
    if "advisor_id" not in request.form:
        return before
    chosen = request.form.get("advisor_id", type=whole)
    return chosen if chosen in {one.id for one in _advisors()} else None


def _advisors() -> list[Account]:
    query = (
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role.in_(ADVISORS), Account.active.is_(True))
        .distinct()
        .order_by(Account.name, Account.id)
    )
    return list(db.session.scalars(query))


def job_page(registration: Registration, status: int = 200, refusal: str | None = None) -> Response:
    """One car in the workshop: its bay, time and advisor, and the form that moves it."""
    event = registration.event
    plan = bays.plan_of(db.session, event.id) or abort(404)
    job, session = placing.job_of(db.session, registration.id), registration.session
    begins = job.starts_at if job else session.starts_at if session else None
    return page(
        "events/staff/workshop_job.html",
        status,
        event=event,
        registration=registration,
        job=job,
        check=sheets.check_of(db.session, registration.id),
        at_now=_local(begins, event) if begins else "",
        bays=[bay for bay in plan.bays if bay.active],
        advisors=_advisors(),
        said=request.form,
        refusal=refusal,
    )


def _local(moment: datetime, event: Event) -> str:
    """A moment as its field wants it: the shop's clock without a zone."""
    return f"{moment.astimezone(event.shop.zone):%Y-%m-%dT%H:%M}"
