"""Adjustments of points that wait for a second person at the desk."""

from flask import abort, flash, redirect
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import adjusting
from club import adjustment_lists as lists
from club.blueprint import bp
from club.models import PointsAdjustment
from club.staff import reading
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page, refused


@bp.get("/desk/points")
@requires(Permission.POINTS_ADJUST)
def adjustments() -> Response:
    return _page()


@bp.post("/desk/points/<int:adjustment_id>/confirm")
@requires(Permission.POINTS_ADJUST)
def adjustment_confirm(adjustment_id: int) -> Response:
    wish = _wish(adjustment_id)
    try:
        adjusting.confirm(db.session, wish, on=reading.today(), by=current_user.id, now=clock.now())
    except Refusal as no:
        db.session.rollback()
        return _page(422, refused(no))
    db.session.commit()
    flash(_("Confirmed: the points have moved."), "success")
    return redirect("/desk/points", 303)


@bp.post("/desk/points/<int:adjustment_id>/refuse")
@requires(Permission.POINTS_ADJUST)
def adjustment_refuse(adjustment_id: int) -> Response:
    wish, reason = _wish(adjustment_id), typed("reason", adjusting.LONGEST)
    try:
        adjusting.refuse(db.session, wish, reason=reason, by=current_user.id, now=clock.now())
    except Refusal as no:
        db.session.rollback()
        return _page(422, refused(no))
    db.session.commit()
    flash(_("Refused: no point has moved."))
    return redirect("/desk/points", 303)


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
