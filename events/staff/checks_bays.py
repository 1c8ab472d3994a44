"""The bays of the workshop: names, what each can do, which rest."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.checks import bays
from events.models import Bay, BayWork
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page


@bp.get("/desk/workshop/bays")
@requires(Permission.EVENT_EDIT)
def workshop_bays() -> Response:
    return _bays_page()


@bp.post("/desk/workshop/bays")
@requires(Permission.EVENT_EDIT)
def add_bay() -> Response:
    return _keep(None)


@bp.post("/desk/workshop/bays/<int:bay_id>")
@requires(Permission.EVENT_EDIT)
def change_bay(bay_id: int) -> Response:
    return _keep(db.session.get(Bay, bay_id) or abort(404))


def _keep(bay: Bay | None) -> Response:
    return done_or_shown(
        lambda: bays.keep_bay(
            db.session,
            bay,
            name_zh=typed("name_zh", bays.NAME),
            name_en=typed("name_en", bays.NAME),
            does=request.form.getlist("does"),
            active=bay is None or "active" in request.form,
            by=current_user.id,
            now=clock.now(),
        ),
        _bays_page,
        back="/desk/workshop/bays",
        said=_("Saved."),
    )


def _bays_page(status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "events/staff/bays.html",
        status,
        bays=bays.all_bays(db.session),
        works=list(BayWork),
        refusal=refusal,
        said=request.form,
    )
