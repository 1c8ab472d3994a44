"""The report of my car: what was found, what is advised, and what I say to it."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer
from werkzeug.wrappers.response import Response

from events import keepsakes
from events.blueprint import bp
from events.checks import advice, reports
from events.checks.refusals import NoAdvice
from events.models import AdviceAnswer, CheckPhoto, CheckResult, CheckSheet, Colour, Registration
from events.views.loading import own_registration
from foundation import clock
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.files import jpeg_answer
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from foundation.words import N_
from members.models import Spot

SPOTS = {spot.value: spot.label for spot in Spot}
_ANSWERS = {answer.value: answer for answer in AdviceAnswer}


def _report(registration_id: int) -> tuple[Registration, CheckSheet | None]:
    """My registration and its signed sheet, if there is one."""
    mine = own_registration(registration_id)
    check = db.session.scalar(
        select(CheckSheet)
        .where(CheckSheet.registration_id == mine.id, CheckSheet.finished_at.is_not(None))
        .options(
            joinedload(CheckSheet.vehicle),
            joinedload(CheckSheet.looked_by),
            selectinload(CheckSheet.results).joinedload(CheckResult.photo),
        )
    )
    return mine, check


@bp.get("/me/registrations/<int:registration_id>/check")
@members_only
def check_report(registration_id: int) -> Response:
    return _report_page(*_report(registration_id))


@bp.get("/me/registrations/<int:registration_id>/check/print")
@members_only
def check_report_print(registration_id: int) -> Response:
    mine, check = _report(registration_id)
    if check is None:
        return _report_page(mine, check)
    return page("events/checks/print.html", **_values(mine, check))


@bp.post("/me/registrations/<int:registration_id>/check")
@members_only
def answer_advice(registration_id: int) -> Response:
    mine, check = _report(registration_id)
    number = request.form.get("result_id", 0, type=whole)

    def answer() -> None:
        said = _ANSWERS.get(typed("answer"))
        if check is None or said is None:
            raise NoAdvice(N_("There is no advice here to answer."))
        advice.answer(db.session, check, number, said, by=current_user.id, now=clock.now())

    return done_or_shown(
        answer,
        lambda *no: _report_page(*_report(registration_id), *no),
        back=url_for("events.check_report", registration_id=mine.id, _anchor=f"advice-{number}"),
        said=_("Noted. You can change your mind until our advisor has called."),
    )


def _report_page(
    mine: Registration, check: CheckSheet | None, status: int = 200, refusal: str | None = None
) -> Response:
    if check is None:
        return page("events/checks/not_yet.html", status, registration=mine, event=mine.event)
    values = _values(mine, check)
    return page("events/checks/report.html", status, refusal=refusal, **values)


def _values(mine: Registration, check: CheckSheet) -> dict[str, Any]:
    return {
        "registration": mine,
        "event": mine.event,
        "check": check,
        "summary": reports.summary_of(check),
        "advised": reports.advised(check),
        "groups": reports.grouped([row for row in check.results if row.colour != Colour.ABSENT]),
        "dial_of": reports.dial_of,
        "value_words": reports.value_words,
        "spots": SPOTS,
        "answers": list(AdviceAnswer),
        "vouchers": keepsakes.held(db.session, mine),
    }


@bp.get("/me/check-photos/<int:photo_id>")
@members_only
def own_check_photo(photo_id: int) -> Response:
    """A picture of my own car, once its report is signed."""
    photo = db.session.scalar(
        select(CheckPhoto)
        .join(CheckResult, CheckResult.id == CheckPhoto.result_id)
        .join(CheckSheet, CheckSheet.id == CheckResult.check_id)
        .where(
            CheckPhoto.id == photo_id,
            CheckSheet.owner_id == current_user.owner_id,
            CheckSheet.finished_at.is_not(None),
        )
        .options(undefer(CheckPhoto.jpeg))
    )
    return jpeg_answer(photo.jpeg if photo else abort(404))
