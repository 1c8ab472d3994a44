"""The workshop's front page: checks of these days, owners who want a call, what was declined."""

from datetime import datetime, timedelta

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.checks import advice, day
from events.models import BayPlan, CheckResult, CheckSheet, Event, EventState, Registration
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page

SOON, LATELY = timedelta(days=60), timedelta(days=30)


@bp.get("/desk/workshop")
@requires(Permission.EVENT_CHECK_IN)
def workshop_front() -> Response:
    return _front()


@bp.post("/desk/workshop/advice/<int:result_id>")
@requires(Permission.EVENT_CHECK_IN)
def advice_handled(result_id: int) -> Response:
    row = db.session.get(CheckResult, result_id) or abort(404)
    note = typed("note", 300)
    return done_or_shown(
        lambda: advice.handle(db.session, row, note=note, by=current_user.id, now=clock.now()),
        _front,
        back="/desk/workshop#advice",
        said=_("Noted."),
    )


def _front(status: int = 200, refusal: str | None = None) -> Response:
    now = clock.now()
    events = _events(now)
    return page(
        "events/staff/workshop_front.html",
        status,
        events=events,
        needs={event.id: day.needs_bay(db.session, event.id) for event in events},
        counts=_counts([event.id for event in events]),
        waiting=advice.waiting(db.session),
        done=advice.done(db.session),
        said=request.form,
        now=now,
        refusal=refusal,
    )


def _events(now: datetime) -> list[Event]:
    """Events that use bays, of late and soon."""
    query = (
        select(Event)
        .join(BayPlan, BayPlan.event_id == Event.id)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.ends_at > now - LATELY,
            Event.starts_at < now + SOON,
        )
        .order_by(Event.starts_at.desc(), Event.id)
    )
    return list(db.session.scalars(query.limit(20)))


def _counts(event_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """(booked, begun, signed) of each event."""
    confirmed = db.session.execute(
        select(Registration.event_id, func.count())
        .where(Registration.event_id.in_(event_ids), Registration.state == "confirmed")
        .group_by(Registration.event_id)
    )
    booked = {row[0]: int(row[1]) for row in confirmed}
    sheets = db.session.execute(
        select(CheckSheet.event_id, func.count(), func.count(CheckSheet.finished_at))
        .where(CheckSheet.event_id.in_(event_ids))
        .group_by(CheckSheet.event_id)
    )
    begun = {row[0]: (row[1], row[2]) for row in sheets}
    return {one: (booked.get(one, 0), *begun.get(one, (0, 0))) for one in event_ids}
