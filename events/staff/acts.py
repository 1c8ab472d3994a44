"""What is done to a whole event: publish, cancel, copy."""

from collections.abc import Callable
from datetime import datetime

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import copying, programme
from events.blueprint import bp
from events.models import Event
from events.refusals import PlanRefused
from events.staff.loading import planned_event
from events.staff.programme import overview
from events.views.loading import club_settings
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.words import N_


@bp.post("/desk/events/<int:event_id>/publish")
@requires(Permission.EVENT_PUBLISH)
def publish_event(event_id: int) -> Response:
    def act(event: Event) -> Event:
        return programme.publish(db.session, event, by=current_user.id, now=clock.now())

    return _done(event_id, act, _("Published. Members see it now."))


@bp.post("/desk/events/<int:event_id>/cancel")
@requires(Permission.EVENT_PUBLISH)
def cancel_event(event_id: int) -> Response:
    def act(event: Event) -> Event:
        reason = request.form.get("reason", "").strip()[:500]
        return programme.cancel(
            db.session, event, reason=reason, by=current_user.id, now=clock.now()
        )

    public = planned_event(event_id).was_public
    words = (
        _("Cancelled. Whoever signed up is told.")
        if public
        else _("The draft is given up. Nobody outside the desk has seen it.")
    )
    return _done(event_id, act, words, asked_at="cancel-reason")


@bp.post("/desk/events/<int:event_id>/copy")
@requires(Permission.EVENT_EDIT)
def copy_event(event_id: int) -> Response:
    def act(event: Event) -> Event:
        return copying.copy(
            db.session, event, starts_at=_typed_start(), by=current_user.id, now=clock.now()
        )

    words = _("Copied as a draft. Look through its times, then publish it.")
    return _done(event_id, act, words, asked_at="copy-at")


@bp.post("/desk/events/<int:event_id>/repeat")
@requires(Permission.EVENT_EDIT)
def repeat_event(event_id: int) -> Response:
    def act(event: Event) -> Event:
        return copying.repeat(db.session, event, by=current_user.id, now=clock.now())

    words = _("Next year’s edition is a draft. Look at its title and its times, then publish it.")
    return _done(event_id, act, words)


def _typed_start() -> datetime:
    try:
        typed = datetime.fromisoformat(request.form.get("starts_at", ""))
    except ValueError:
        typed = None
    if typed is None or not clock.is_meant(typed):
        raise PlanRefused(N_("Please enter the day and time of the copy."))
    return typed.replace(tzinfo=club_settings().zone)


def _done(
    event_id: int, act: Callable[[Event], Event], words: str, *, asked_at: str = ""
) -> Response:
    """Do it and show the event, or say on its page why not: at the field where it was asked."""
    return done_or_shown(
        lambda: act(planned_event(event_id)),
        lambda status, no: overview(planned_event(event_id), status, no, asked_at),
        back=lambda event: url_for("events.desk_event", event_id=event.id),
        said=words,
    )
