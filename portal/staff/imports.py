"""Importing orders: upload, columns, dry run with its report, application; the worker does both."""

from typing import Any

from flask import redirect
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.pages import page, refused
from portal.blueprint import bp
from portal.forms_imports import UploadForm
from portal.importing import application, reception
from portal.models import FileKind, ImportBatch
from portal.staff.import_parts import (
    act_on,
    check_with_columns,
    discard,
    file_page,
    load_file,
    the_files,
)

IMPORT, ORDERS = Permission.IMPORT_RUN, FileKind.ORDERS


@bp.get("/desk/imports")
@requires(IMPORT)
def imports() -> Response:
    return _imports_page(UploadForm())


@bp.post("/desk/imports")
@reads_first
@requires(IMPORT)
def imports_post() -> Response:
    form = UploadForm()
    if not form.validate():
        return _imports_page(form, 422)
    try:
        arrived = reception.look(form.file.data.filename, form.file.data.read())
        then_write()
        batch = reception.receive(
            db.session, form.source.data, arrived, by=current_user.id, now=clock.now()
        )
    except Refusal as no:
        db.session.rollback()
        return _imports_page(form, 422, refused(no))
    db.session.commit()
    return redirect(f"/desk/imports/{batch.id}", 303)


@bp.get("/desk/imports/<int:batch_id>")
@requires(IMPORT)
def import_batch(batch_id: int) -> Response:
    return _page(load_file(batch_id, ORDERS))


@bp.post("/desk/imports/<int:batch_id>/columns")
@requires(IMPORT)
def import_columns_post(batch_id: int) -> Response:
    batch = load_file(batch_id, ORDERS)
    return check_with_columns(batch, _page, back=_address(batch))


@bp.post("/desk/imports/<int:batch_id>/discard")
@requires(IMPORT)
def import_discard_post(batch_id: int) -> Response:
    return discard(load_file(batch_id, ORDERS), _page, back="/desk/imports")


@bp.post("/desk/imports/<int:batch_id>/apply")
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
    return f"/desk/imports/{batch.id}"
