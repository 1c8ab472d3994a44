"""Adjustments of points that wait for a second person at the desk."""

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import adjusting
from club import adjustment_lists as lists
from club.blueprint import bp
from club.models import PointsAdjustment
from club.staff import reading
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page


@bp.get("/desk/points")
@requires(Permission.POINTS_ADJUST)
def adjustments() -> Response:
    return _page()


@bp.post("/desk/points/<int:adjustment_id>/confirm")
@requires(Permission.POINTS_ADJUST)
def adjustment_confirm(adjustment_id: int) -> Response:
    wish = _wish(adjustment_id)
    return done_or_shown(
        lambda: adjusting.confirm(
            db.session, wish, on=reading.today(), by=current_user.id, now=clock.now()
        ),
        _page,
        back="/desk/points",
        said=_("Confirmed: the points have moved."),
    )


@bp.post("/desk/points/<int:adjustment_id>/refuse")
@requires(Permission.POINTS_ADJUST)
def adjustment_refuse(adjustment_id: int) -> Response:
    wish, reason = _wish(adjustment_id), typed("reason", adjusting.LONGEST)
    return done_or_shown(
        lambda: adjusting.refuse(
            db.session, wish, reason=reason, by=current_user.id, now=clock.now()
        ),
        _page,
        back="/desk/points",
        said=_("Refused: no point has moved."),
    )


def _page(status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/adjustments.html",
        status,
        waiting=lists.waiting(db.session),
        clearings=lists.waiting_clearings(db.session),
        decided=lists.decided(db.session),
        me=current_user.id,
        own_id=current_user.owner_id,
        refusal=refusal,
    )


def _wish(adjustment_id: int) -> PointsAdjustment:
    return db.session.get(PointsAdjustment, adjustment_id) or abort(404)
