"""Opening balances at the desk: upload, columns, dry run, control sums, signature, taking back."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club.staff import reading
from foundation import clock
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.sheets.writing import workbook_bytes
from foundation.web.access import requires
from foundation.web.database import db, reads_first
from foundation.web.files import list_file
from foundation.web.incoming import typed
from foundation.web.pages import page
from portal.balance_template import HEADERS, sample_rows
from portal.blueprint import bp
from portal.forms_imports import UploadForm
from portal.importing import signing
from portal.models import FileKind, ImportBatch
from portal.staff.import_parts import (
    act_on,
    check_with_columns,
    discard,
    file_page,
    load_file,
    take_in,
    the_files,
)

RUN, SIGN, BALANCES = Permission.BALANCE_RUN, Permission.BALANCE_SIGN, FileKind.BALANCES
HERE = "/desk/balances"


@bp.get(HERE)
@requires(RUN)
def balances() -> Response:
    return _list_page(UploadForm())


@bp.post(HERE)
@reads_first
@requires(RUN)
def balances_post() -> Response:
    return take_in(BALANCES, HERE, _list_page)


@bp.get(f"{HERE}/template.xlsx")
@requires(RUN)
def balances_template() -> Response:
    """An empty workbook with every column, named in both languages, and two rows as examples."""
    today = shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    return list_file(workbook_bytes(HEADERS, sample_rows(today)), "opening-balances", "xlsx")


@bp.get(f"{HERE}/<int:batch_id>")
@requires(RUN)
def balance_batch(batch_id: int) -> Response:
    return _page(load_file(batch_id, BALANCES))


@bp.post(f"{HERE}/<int:batch_id>/columns")
@requires(RUN)
def balance_columns_post(batch_id: int) -> Response:
    batch = load_file(batch_id, BALANCES)
    return check_with_columns(batch, _page, back=_address(batch))


@bp.post(f"{HERE}/<int:batch_id>/discard")
@requires(RUN)
def balance_discard_post(batch_id: int) -> Response:
    return discard(load_file(batch_id, BALANCES), _page, back=HERE)


@bp.post(f"{HERE}/<int:batch_id>/sign")
@requires(SIGN)
def balance_sign_post(batch_id: int) -> Response:
    batch = load_file(batch_id, BALANCES)

    def sign() -> None:
        points = reading.number("points")
        said = {"by": current_user.id, "now": clock.now()}
        signing.sign(db.session, batch, -1 if points is None else points, **said)

    return act_on(batch, _page, sign, back=_address(batch), ring=True)


@bp.post(f"{HERE}/<int:batch_id>/undo")
@requires(SIGN)
def balance_undo_post(batch_id: int) -> Response:
    batch = load_file(batch_id, BALANCES)
    today = shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    return act_on(
        batch,
        _page,
        lambda: signing.take_back(
            db.session, batch, today=today, by=current_user.id, now=clock.now()
        ),
        back=_address(batch),
        done=_("Taken back, with the card numbers and the owners that only this file knew."),
    )


def _list_page(form: UploadForm, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "portal/staff/balances.html", status, form=form, refusal=refusal, **the_files(BALANCES)
    )


def _page(batch: ImportBatch, status: int = 200, **values: Any) -> Response:
    return file_page(
        "portal/staff/balance.html",
        batch,
        status,
        own=batch.account_id == current_user.id,
        typed_points=typed("points", 20) if status == 422 else "",
        **values,
    )


def _address(batch: ImportBatch) -> str:
    return f"{HERE}/{batch.id}"
