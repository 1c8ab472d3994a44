"""The check sheet on a tablet at the car: saved by group or by itself, signed at the end."""

from typing import Any

from flask import abort, jsonify, make_response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.checks import colours, photos, reports, sheets, signing
from events.models import CheckPhoto, CheckResult, CheckSheet, Colour
from events.staff import checks_reading
from events.staff.checks_workshop import job_page
from events.staff.loading import registration_of
from foundation import clock
from foundation.pictures import LARGEST_FILE, photo_of
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import jpeg_answer
from foundation.web.logged import logs_reading
from foundation.web.pages import page, refused
from members.models import Spot

SPOTS = {spot.value: spot.label for spot in Spot}


def _sheet(check_id: int) -> CheckSheet:
    """A sheet with all that its page shows."""
    found = db.session.scalar(
        select(CheckSheet)
        .where(CheckSheet.id == check_id)
        .options(
            joinedload(CheckSheet.owner),
            joinedload(CheckSheet.vehicle),
            joinedload(CheckSheet.event),
            selectinload(CheckSheet.results).joinedload(CheckResult.photo),
        )
    )
    return found or abort(404)


@bp.post("/desk/events/<int:event_id>/workshop/<int:registration_id>/check")
@requires(Permission.EVENT_CHECK_IN)
def begin_check(event_id: int, registration_id: int) -> Response:
    registration = registration_of(event_id, registration_id)
    return done_or_shown(
        lambda: sheets.begin(db.session, registration, by=current_user.id, now=clock.now()),
        lambda *no: job_page(registration_of(event_id, registration_id), *no),
        back=lambda check: url_for("events.check_sheet", check_id=check.id),
    )


@bp.get("/desk/checks/<int:check_id>")
@requires(Permission.EVENT_CHECK_IN)
@logs_reading("check", "check_id")
def check_sheet(check_id: int) -> Response:
    return _sheet_page(_sheet(check_id))


def _sheet_page(check: CheckSheet, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "events/staff/check_sheet.html",
        status,
        check=check,
        event=check.event,
        groups=reports.grouped(check.results),
        left=signing.missing(check),
        summary=reports.summary_of(check),
        colours=list(Colour),
        plain=colours.plain,
        limits=reports.limits_of,
        value_words=reports.value_words,
        spots=SPOTS,
        known=check.vehicle.mileage_km,
        said=request.form,
        refusal=refusal,
    )


@bp.post("/desk/checks/<int:check_id>/head")
@requires(Permission.EVENT_CHECK_IN)
def check_head(check_id: int) -> Response:
    return _do(
        check_id,
        lambda check, who: sheets.head(db.session, check, checks_reading.head(), **who),
        "head",
    )


@bp.post("/desk/checks/<int:check_id>/points")
@requires(Permission.EVENT_CHECK_IN)
def check_fill(check_id: int) -> Response:
    """A group of the form, or one point that the page saves by itself and asks about in JSON."""
    if request.accept_mimetypes.best == "application/json":
        return _fill_quietly(check_id)
    return _do(
        check_id,
        lambda check, who: sheets.fill(db.session, check, checks_reading.marks(check), **who),
        f"group-{request.form.get('group', '1')[:3]}",
    )


def _fill_quietly(check_id: int) -> Response:
    check = _sheet(check_id)
    try:
        rows = sheets.fill(
            db.session,
            check,
            list(checks_reading.marks(check)),
            by=current_user.id,
            now=clock.now(),
        )
    except Refusal as no:
        db.session.rollback()
        return make_response(jsonify(refused=refused(no)), 422)
    left = len(signing.missing(check))
    saved = {row.id: row.colour for row in rows}
    db.session.commit()
    return make_response(jsonify(saved=saved, left=left))


@bp.post("/desk/checks/<int:check_id>/photos/<int:result_id>")
@reads_first
@requires(Permission.EVENT_CHECK_IN)
def check_photo(check_id: int, result_id: int) -> Response:
    """Keep the picture of a point, or throw it away; it is redrawn before anything is held."""
    file = request.files.get("photo")

    def act(check: CheckSheet, who: dict[str, Any]) -> None:
        row = next((one for one in check.results if one.id == result_id), None) or abort(404)
        if "drop" in request.form:
            then_write()
            photos.drop(db.session, row, **who)
        else:
            jpeg = photo_of(file.read(LARGEST_FILE + 1) if file else b"")
            then_write()
            photos.keep(db.session, row, jpeg, **who)

    return _do(check_id, act, f"point-{result_id}")


@bp.get("/desk/check-photos/<int:photo_id>")
@requires(Permission.EVENT_CHECK_IN)
def desk_check_photo(photo_id: int) -> Response:
    photo = db.session.get(CheckPhoto, photo_id, options=[undefer(CheckPhoto.jpeg)])
    return jpeg_answer(photo.jpeg if photo else abort(404))


@bp.post("/desk/checks/<int:check_id>/finish")
@requires(Permission.EVENT_CHECK_IN)
def check_finish(check_id: int) -> Response:
    technician = request.form.get("technician", "")
    return _do(
        check_id,
        lambda check, who: signing.finish(db.session, check, technician=technician, **who),
        "sign",
        _("Signed. The owner is told that the report is ready."),
    )


@bp.post("/desk/checks/<int:check_id>/reopen")
@requires(Permission.EVENT_CHECK_IN)
def check_reopen(check_id: int) -> Response:
    return _do(
        check_id,
        lambda check, who: signing.reopen(db.session, check, **who),
        "head",
        _("Open again. The report is not shown until it is signed once more."),
    )


@bp.post("/desk/checks/<int:check_id>/look")
@requires(Permission.EVENT_CHECK_IN)
def check_look(check_id: int) -> Response:
    return _do(
        check_id,
        lambda check, who: signing.look(db.session, check, **who),
        "sign",
        _("Thank you. The report says that you looked at it."),
    )


def _do(check_id: int, act: Any, mark: str, done: str = "") -> Response:
    """One act on a sheet, then back to the place on its page."""
    check = _sheet(check_id)
    return done_or_shown(
        lambda: act(check, {"by": current_user.id, "now": clock.now()}),
        lambda *no: _sheet_page(_sheet(check_id), *no),
        back=url_for("events.check_sheet", check_id=check_id, _anchor=mark),
        said=done or _("Saved."),
    )
