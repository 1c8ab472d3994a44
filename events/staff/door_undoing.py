"""A check-in that was wrong is taken back: from the door's answer, its list, and the sign-ups."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import check_in
from events.blueprint import bp
from events.staff.door import arrival_of, to_door
from events.staff.loading import planned_event, registration_of
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import whole


@bp.post("/desk/events/<int:event_id>/check-in/<int:arrival_id>/undo")
@requires(Permission.EVENT_CHECK_IN)
def undo_check_in(event_id: int, arrival_id: int) -> Response:
    event = planned_event(event_id)
    arrival = arrival_of(event, arrival_id)
    check_in.undo(db.session, arrival, by=current_user.id, now=clock.now())
    db.session.commit()
    return to_door(event, arrival.step, arrival=arrival.id)


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/not-here")
@requires(Permission.EVENT_CHECK_IN)
def take_out(event_id: int, registration_id: int) -> Response:
    """From the door's list at the step that it stands at; from the sign-ups everywhere."""
    event, one = planned_event(event_id), registration_of(event_id, registration_id)
    at_door, step_id = "door" in request.form, request.form.get("step", type=whole)
    check_in.take_out(
        db.session,
        one,
        step_id=step_id,
        everywhere=not at_door,
        by=current_user.id,
        now=clock.now(),
    )
    db.session.commit()
    if at_door:
        words = request.form.get("q", "")[:80]
        return redirect(url_for("events.door", event_id=event.id, step=step_id, q=words), 303)
    flash(_("The check-in of %(name)s is taken back, with what it brought.", name=one.owner.name))
    return redirect(url_for("events.event_registrations", event_id=event.id), 303)
