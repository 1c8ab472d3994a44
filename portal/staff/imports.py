"""Importing orders: upload, columns, dry run with its report, apply and watch."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.sheets.reading import open_sheet
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page, refused
from portal import importing
from portal.blueprint import bp
from portal.forms_imports import FIELD_NAMES, UploadForm, chosen_columns, columns_form
from portal.models import BatchState, ImportBatch, ImportRow, ImportSource, RowOutcome
from portal.order_rows import REQUIRED

IMPORT = Permission.IMPORT_RUN
ROWS, PREVIEW, BATCHES = 50, 6, 30


@bp.get("/desk/imports")
@requires(IMPORT)
def imports() -> Response:
    return _imports_page(UploadForm())


@bp.post("/desk/imports")
@requires(IMPORT)
def imports_post() -> Response:
    form = UploadForm()
    if not form.validate():
        return _imports_page(form, 422)
    try:
        batch = importing.receive(
            db.session,
            form.source.data,
            form.file.data.filename,
            form.file.data.read(),
            by=current_user.id,
            now=clock.now(),
        )
    except Refusal as no:
        db.session.rollback()
        return _imports_page(form, 422, refused(no))
    db.session.commit()
    return redirect(f"/desk/imports/{batch.id}", 303)


def _imports_page(form: UploadForm, status: int = 200, refusal: str | None = None) -> Response:
    batches = db.session.scalars(
        select(ImportBatch)
        .options(joinedload(ImportBatch.source))
        .order_by(ImportBatch.id.desc())
        .limit(BATCHES)
    ).all()
    sources = db.session.scalars(select(ImportSource.name).order_by(ImportSource.name)).all()
    return page(
        "portal/staff/imports.html",
        status,
        form=form,
        refusal=refusal,
        batches=batches,
        sources=sources,
    )


@bp.get("/desk/imports/<int:batch_id>")
@requires(IMPORT)
def import_batch(batch_id: int) -> Response:
    return _batch_page(_batch(batch_id))


def _batch(batch_id: int) -> ImportBatch:
    return db.session.get(ImportBatch, batch_id) or abort(404)


def _batch_page(batch: ImportBatch, status: int = 200, **values: Any) -> Response:
    before = batch.state in (BatchState.UPLOADED, BatchState.CHECKED)
    if before:
        sheet = open_sheet(batch.content or b"", batch.filename)
        values.setdefault("form", columns_form(sheet.headers, batch.mapping))
        values["headers"], values["preview"] = sheet.headers, list(islice(sheet.rows, PREVIEW))
    return page(
        "portal/staff/import.html",
        status,
        batch=batch,
        before=before,
        fields=FIELD_NAMES,
        missing=[name for name in REQUIRED if name not in batch.mapping],
        **_report(batch),
        **values,
    )


def _report(batch: ImportBatch) -> dict[str, Any]:
    """A page of the report, by key; `outcome` narrows it, refused rows are shown first."""
    known = {one.value: one for one in RowOutcome}
    outcome = known.get(request.args.get("outcome", ""))
    after = request.args.get("after", 0, type=whole)
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.row_no > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    rows = db.session.scalars(query.order_by(ImportRow.row_no).limit(ROWS + 1)).all()
    more = f"after={rows[ROWS - 1].row_no}" if len(rows) > ROWS else None
    return {"rows": rows[:ROWS], "outcome": outcome, "more": more, "outcomes": list(RowOutcome)}


@bp.post("/desk/imports/<int:batch_id>/columns")
@requires(IMPORT)
def import_columns_post(batch_id: int) -> Response:
    batch = _batch(batch_id)
    headers = open_sheet(batch.content or b"", batch.filename).headers
    form = columns_form(headers, batch.mapping)
    if not form.validate():
        return _batch_page(batch, 422, form=form)
    chosen = chosen_columns(form)
    return _act(
        batch,
        lambda: importing.choose_columns(db.session, batch, chosen, remember=True),
        _("The columns are remembered for this source."),
    )


@bp.post("/desk/imports/<int:batch_id>/check")
@requires(IMPORT)
def import_check_post(batch_id: int) -> Response:
    batch = _batch(batch_id)

    def check() -> None:
        importing.choose_columns(db.session, batch, batch.mapping, remember=False)
        importing.dry_run(db.session, batch, now=clock.now())

    return _act(batch, check, _("Checked. Nothing was changed yet."))


@bp.post("/desk/imports/<int:batch_id>/apply")
@requires(IMPORT)
def import_apply_post(batch_id: int) -> Response:
    batch = _batch(batch_id)
    answer = _act(
        batch,
        lambda: importing.release(db.session, batch, by=current_user.id, now=clock.now()),
        _("The file is being applied. You can leave this page."),
    )
    if answer.status_code == 303:
        current_app.extensions["club_bell"].ring()
    return answer


def _act(batch: ImportBatch, act: Callable[[], object], done: str) -> Response:
    try:
        act()
    except Refusal as no:
        db.session.rollback()
        return _batch_page(batch, 422, refusal=refused(no))
    db.session.commit()
    flash(done)
    return redirect(f"/desk/imports/{batch.id}", 303)
