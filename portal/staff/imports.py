"""Importing orders: upload, columns, dry run with its report, application; the worker does both."""

from typing import Any

from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db, reads_first
from foundation.web.pages import page
from portal.blueprint import bp
from portal.forms_imports import UploadForm
from portal.importing import application
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

IMPORT, ORDERS = Permission.IMPORT_RUN, FileKind.ORDERS
HERE = "/desk/imports"


@bp.get(HERE)
@requires(IMPORT)
def imports() -> Response:
    return _imports_page(UploadForm())


@bp.post(HERE)
@reads_first
@requires(IMPORT)
def imports_post() -> Response:
    return take_in(ORDERS, HERE, _imports_page)


@bp.get(f"{HERE}/<int:batch_id>")
@requires(IMPORT)
def import_batch(batch_id: int) -> Response:
    return _page(load_file(batch_id, ORDERS))


@bp.post(f"{HERE}/<int:batch_id>/columns")
@requires(IMPORT)
def import_columns_post(batch_id: int) -> Response:
    batch = load_file(batch_id, ORDERS)
    return check_with_columns(batch, _page, back=_address(batch))


@bp.post(f"{HERE}/<int:batch_id>/discard")
@requires(IMPORT)
def import_discard_post(batch_id: int) -> Response:
    return discard(load_file(batch_id, ORDERS), _page, back=HERE)


@bp.post(f"{HERE}/<int:batch_id>/apply")
@requires(IMPORT)
def import_apply_post(batch_id: int) -> Response:
    batch = load_file(batch_id, ORDERS)
    return act_on(
        batch,
        _page,
        lambda: application.release(db.session, batch, by=current_user.id, now=clock.now()),
        back=_address(batch),
        ring=True,
    )


def _imports_page(form: UploadForm, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "portal/staff/imports.html", status, form=form, refusal=refusal, **the_files(ORDERS)
    )


def _page(batch: ImportBatch, status: int = 200, **values: Any) -> Response:
    return file_page("portal/staff/import.html", batch, status, **values)


def _address(batch: ImportBatch) -> str:
    return f"{HERE}/{batch.id}"
