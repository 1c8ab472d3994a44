"""The points of an event's check: from a template, from what was announced, or edited here."""

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.checks import points
from events.checks.colours import plain
from events.checks.refusals import PointsUnclear
from events.models import CheckTemplate, Event
from events.staff.checks_reading import point_lines
from events.staff.loading import planned_event
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from foundation.words import N_
from members.models import Measure, Spot

SPARE = 3


@bp.get("/desk/events/<int:event_id>/checklist")
@requires(Permission.EVENT_EDIT)
def check_points(event_id: int) -> Response:
    return _points_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/checklist")
@requires(Permission.EVENT_EDIT)
def set_check_points(event_id: int) -> Response:
    """Keep the list as it was typed, or take one over: `take` says from where."""
    event = planned_event(event_id)
    return done_or_shown(
        lambda: _keep(event),
        lambda *no: _points_page(planned_event(event_id), *no),
        back=url_for("events.check_points", event_id=event_id),
        said=_("Saved. Sheets that were begun keep their points."),
    )


def _keep(event: Event) -> None:
    take, by, now = typed("take"), current_user.id, clock.now()
    if take == "announced":
        if not event.checklist:
            raise PointsUnclear(N_("No checklist was announced for this event."))
        points.from_announced(db.session, event, by=by, now=now)
    elif take == "template":
        number = request.form.get("template_id", 0, type=whole)
        template = db.session.get(CheckTemplate, number) or abort(404)
        points.from_template(db.session, event, template, by=by, now=now)
    else:
        points.set_points(db.session, event, point_lines(), by=by, now=now)


def _points_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    found = points.points_of(db.session, event.id)
    announced = {item.name_zh for item in event.checklist}
    rows = max(len(found) + SPARE, len(request.form.getlist("row")))
    return page(
        "events/staff/check_points.html",
        status,
        event=event,
        points=[*found, *[None] * (rows - len(found))],
        kept=len(found),
        differs=bool(found) and announced != {point.name_zh for point in found},
        templates=points.templates(db.session),
        measures=[
            one for one in Measure if not one.value.startswith(("tyre-b", "tyre-s", "tyre-d"))
        ],
        spots=[one for one in Spot if one is not Spot.WHOLE],
        plain=plain,
        refusal=refusal,
    )
