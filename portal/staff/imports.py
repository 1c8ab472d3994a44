"""Importing orders: upload, columns, dry run with its report, application; the worker does both."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.jobs import worker_alive
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.incoming import whole
from foundation.web.pages import page, refused
from portal.blueprint import bp
from portal.forms_imports import FIELD_NAMES, UploadForm, chosen_columns, columns_form
from portal.importing import application, reception, trial
from portal.importing.erasing import KEPT
from portal.importing.standing import OPEN
from portal.models import BatchState, ImportBatch, ImportRow, ImportSource, RowOutcome
from portal.order_rows import REQUIRED

IMPORT = Permission.IMPORT_RUN
ROWS, BATCHES = 50, 30
UNDER_WAY = (BatchState.CHECKING, BatchState.APPLYING)


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
    open_now = batch.state in OPEN
    if open_now:
        values.setdefault("form", columns_form(batch.headers, batch.mapping))
    return page(
        "portal/staff/import.html",
        status,
        batch=batch,
        open_now=open_now,
        erased_on=batch.uploaded_at + KEPT,
        waits=batch.state in UNDER_WAY and not worker_alive(db.session, now=clock.now()),
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
    form = columns_form(batch.headers, batch.mapping)
    if batch.state in OPEN and not form.validate():
        return _batch_page(batch, 422, form=form)
    chosen = chosen_columns(form)
    return _act(
        batch,
        lambda: reception.choose_columns(db.session, batch, chosen, remember=True),
        _("The columns are remembered for this source."),
    )


@bp.post("/desk/imports/<int:batch_id>/check")
@requires(IMPORT)
def import_check_post(batch_id: int) -> Response:
    batch = _batch(batch_id)
    return _act(batch, lambda: trial.ask(db.session, batch), ring=True)


@bp.post("/desk/imports/<int:batch_id>/apply")
@requires(IMPORT)
def import_apply_post(batch_id: int) -> Response:
    batch = _batch(batch_id)
    return _act(
        batch,
        lambda: application.release(db.session, batch, by=current_user.id, now=clock.now()),
        ring=True,
    )


def _act(
    batch: ImportBatch, act: Callable[[], object], done: str = "", *, ring: bool = False
) -> Response:
    """Do it and show the file; `ring` when there is work for the worker now."""
    try:
        act()
    except Refusal as no:
        db.session.rollback()
        return _batch_page(batch, 422, refusal=refused(no))
    db.session.commit()
    if ring:
        current_app.extensions["club_bell"].ring()
    if done:
        flash(done)
    return redirect(f"/desk/imports/{batch.id}", 303)
