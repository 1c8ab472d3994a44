"""Missed events at the desk: appeals first, then who missed what, and what people decided."""

from collections.abc import Callable

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import no_show_appeals, no_shows
from events.blueprint import bp
from events.models import Measure, NoShow
from events.views.loading import shop_today
from foundation import clock, tunables
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page

SHOWN = 100


@bp.get("/desk/no-shows")
@requires(Permission.EVENT_CHECK_IN)
def missed_events() -> Response:
    return _missed_page()


def _missed_page(status: int = 200, refusal: str | None = None) -> Response:
    waiting = db.session.scalars(no_shows.waiting_query().limit(SHOWN)).all()
    noted = db.session.scalars(no_shows.newest_query().limit(SHOWN)).all()
    owners = list({one.registration.owner_id for one in [*waiting, *noted]})
    today = shop_today()
    return page(
        "events/staff/no_shows.html",
        status,
        waiting=waiting,
        noted=noted,
        counts=no_shows.counts_of(db.session, owners, on=today),
        measures=no_shows.measures_of(db.session, owners, on=today),
        ask_from=tunables.value(db.session, no_shows.ASK_FROM),
        refusal=refusal,
    )


@bp.post("/desk/no-shows/<int:no_show_id>/excuse")
@requires(Permission.EVENT_CHECK_IN)
def excuse_no_show(no_show_id: int) -> Response:
    answer = typed("answer", no_show_appeals.LONGEST)

    def act(one: NoShow) -> object:
        return no_show_appeals.excuse(db.session, one, answer, by=current_user.id, now=clock.now())

    return _done(no_show_id, act, _("Excused. The member is told."))


@bp.post("/desk/no-shows/<int:no_show_id>/keep")
@requires(Permission.EVENT_CHECK_IN)
def keep_no_show(no_show_id: int) -> Response:
    answer = typed("answer", no_show_appeals.LONGEST)

    def act(one: NoShow) -> object:
        return no_show_appeals.keep(db.session, one, answer, by=current_user.id, now=clock.now())

    return _done(no_show_id, act, _("It stands, with your word. The member is told."))


@bp.post("/desk/no-shows/<int:no_show_id>/measure")
@requires(Permission.EVENT_EDIT)
def decide_after_no_shows(no_show_id: int) -> Response:
    chosen = request.form.get("measure", "")
    measure = Measure(chosen) if chosen in list(Measure) else abort(400)

    def act(one: NoShow) -> object:
        return no_show_appeals.decide_measure(
            db.session, one, measure, by=current_user.id, now=clock.now()
        )

    return _done(no_show_id, act, _("Noted. It is shown beside the member’s sign-ups."))


def _done(no_show_id: int, act: Callable[[NoShow], object], words: str) -> Response:
    """Do it and come back to the list, or say above it why not."""
    one = db.session.get(NoShow, no_show_id) or abort(404)
    return done_or_shown(
        lambda: act(one), _missed_page, back=url_for("events.missed_events"), said=words
    )
