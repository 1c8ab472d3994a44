"""The figures of one event at the desk, as a page and as a workbook; its cost is noted here."""

from decimal import Decimal

from flask import abort, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import costs
from events.blueprint import bp
from events.forms_cost import CostForm, cost_values
from events.models import Event
from events.staff.boards import Asked, EventBoard, board
from events.staff.loading import planned_event
from foundation import audit, clock
from foundation.charts import sheet_of
from foundation.roles import Permission
from foundation.sheets.writing import Sheet, workbook_of
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import list_file
from foundation.web.pages import page


@bp.get("/desk/events/<int:event_id>/figures")
@requires(Permission.FIGURES_VIEW)
def event_figures(event_id: int) -> Response:
    return _figures(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/figures/workbook")
@reads_first
@requires(Permission.FIGURES_VIEW)
def event_figures_workbook(event_id: int) -> Response:
    """Key numbers, then the charts' figures, one sheet each; that they left the house is noted."""
    event = planned_event(event_id)
    found = board(Asked(db.session, event, clock.now()))
    charts = [sheet_of(one) for part in found.parts for one in part.charts]
    content = workbook_of([_key_numbers(found), *charts])
    then_write()
    audit.record(
        db.session, "event.figures", "event", event_id, by=current_user.id, now=clock.now()
    )
    db.session.commit()
    return list_file(content, f"event-{event_id}-figures", "xlsx")


@bp.post("/desk/events/<int:event_id>/cost")
@requires(Permission.EVENT_EDIT)
def note_cost(event_id: int) -> Response:
    if not may(Permission.FIGURES_VIEW):
        abort(403)
    event, form = planned_event(event_id), CostForm()
    if not form.validate():
        return _figures(event, form, 422)
    return done_or_shown(
        lambda: costs.note(
            db.session,
            event,
            planned_fen=form.planned_fen.data,
            actual_fen=form.actual_fen.data,
            words=form.note.data or "",
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _figures(planned_event(event_id), form, *no),
        back=url_for("events.event_figures", event_id=event_id),
        said=_("Saved."),
    )


def _key_numbers(found: EventBoard) -> Sheet:
    rows = [
        (one.label, Decimal(one.value) / 100 if one.unit == "money" and one.value else one.value)
        for one in found.tiles
    ]
    return Sheet(_("Figures"), (_("What"), _("Count")), rows)


def _figures(
    event: Event, form: CostForm | None = None, status: int = 200, refusal: str | None = None
) -> Response:
    noted = costs.of_event(db.session, event)
    return page(
        "events/staff/figures.html",
        status,
        event=event,
        board=board(Asked(db.session, event, clock.now())),
        cost=noted,
        form=form or CostForm(formdata=None, data=cost_values(noted)),
        refusal=refusal,
    )
