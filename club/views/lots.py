"""The member's statement by lots, on screen and as a workbook."""

from datetime import date

from flask import Response as FlaskResponse
from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import lots, statement_sheet
from club.blueprint import bp
from club.statement import LEFT_OUT_WORDS
from foundation import clock
from foundation.clock import shop_day
from foundation.sheets.writing import workbook_bytes
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.files import list_file
from foundation.web.language import say
from foundation.web.pages import page


@bp.get("/me/points/lots")
@members_only
def point_lots() -> Response:
    before = lots.Key.read(request.args.get("before"))
    return page(
        "club/lots.html",
        found=lots.page_of(db.session, current_user.owner_id, before=before),
        later_page=before is not None,
        today=_today(),
        say=say,
        sheet=statement_sheet,
        left_out=LEFT_OUT_WORDS,
    )


@bp.get("/me/points/statement.xlsx")
@members_only
def statement_workbook() -> Response:
    return workbook_of(current_user.owner_id, _today())


def workbook_of(owner_id: int, today: date) -> FlaskResponse:
    """An owner's statement as a file to keep."""
    heads = [say(head) for head in statement_sheet.HEADERS]
    rows = statement_sheet.rows(db.session, owner_id, today=today, say=say)
    return list_file(workbook_bytes(heads, rows), f"points-{today}", "xlsx")


def _today() -> date:
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)
