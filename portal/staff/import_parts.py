"""What the pages of all files share: the report, the columns, and acting on a file."""

from collections.abc import Callable
from typing import Any

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.jobs import worker_alive
from foundation.web.acting import done_or_shown
from foundation.web.database import db, then_write
from foundation.web.incoming import whole
from foundation.web.pages import page
from portal.forms_imports import NAMES, UploadForm, chosen_columns, columns_form
from portal.importing import erasing, reception, trial
from portal.importing.erasing import KEPT
from portal.importing.kinds import SHAPES
from portal.importing.standing import OPEN
from portal.models import BatchState, FileKind, ImportBatch, ImportRow, ImportSource, RowOutcome

ROWS, BATCHES = 50, 30
DOUBTS = ("unnamed", "as_paid")
"""Refunds that the report lists by themselves."""
UNDER_WAY = (BatchState.CHECKING, BatchState.APPLYING)


def the_files(kind: FileKind) -> dict[str, Any]:
    """The newest files of a kind and the systems they came from, for a list page."""
    batches = (
        select(ImportBatch)
        .where(ImportBatch.kind == kind)
        .options(joinedload(ImportBatch.source), joinedload(ImportBatch.brought_by))
        .order_by(ImportBatch.id.desc())
        .limit(BATCHES)
    )
    sources = select(ImportSource.name).where(ImportSource.kind == kind)
    return {
        "batches": db.session.scalars(batches).all(),
        "sources": db.session.scalars(sources.order_by(ImportSource.name)).all(),
    }


def take_in(kind: FileKind, here: str, shown: Callable[..., Response]) -> Response:
    """Read the file that was brought to the page `here`, and go to it. What cannot be read comes
    back with the form as `shown(form, status, refusal)`."""
    form = UploadForm()
    if not form.validate():
        return shown(form, 422)

    def receive() -> ImportBatch:
        arrived = reception.look(form.file.data.filename, form.file.data.read())
        then_write()
        return reception.receive(
            db.session, form.source.data, arrived, kind=kind, by=current_user.id, now=clock.now()
        )

    return done_or_shown(
        receive, lambda *no: shown(form, *no), back=lambda batch: f"{here}/{batch.id}"
    )


def load_file(batch_id: int, kind: FileKind) -> ImportBatch:
    """A file of this kind, or 404."""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or batch.kind is not kind:
        abort(404)
    return batch


def file_page(template: str, batch: ImportBatch, status: int = 200, **values: Any) -> Response:
    """One file: its columns while they can be chosen, its report, where it stands."""
    open_now = batch.state in OPEN
    if open_now:
        values.setdefault("form", columns_form(batch))
    return page(
        template,
        status,
        batch=batch,
        open_now=open_now,
        erased_on=batch.uploaded_at + KEPT,
        discarded=batch.state is BatchState.EXPIRED and clock.now() <= batch.uploaded_at + KEPT,
        required=SHAPES[batch.kind].required,
        waits=batch.state in UNDER_WAY and not worker_alive(db.session, now=clock.now()),
        fields=NAMES[batch.kind],
        missing=[name for name in SHAPES[batch.kind].required if name not in batch.mapping],
        **_report(batch),
        **values,
    )


def _report(batch: ImportBatch) -> dict[str, Any]:
    """A page of the report, by key; `outcome` narrows it, also to refunds that are in doubt."""
    known = {one.value: one for one in RowOutcome}
    asked = request.args.get("outcome", "")
    outcome, doubt = known.get(asked), asked if asked in DOUBTS else ""
    after = request.args.get("after", 0, type=whole)
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.row_no > after)
    if outcome is not None:
        query = query.where(ImportRow.outcome == outcome)
    if doubt:
        query = query.where(ImportRow.details[doubt].as_boolean())
    rows = db.session.scalars(query.order_by(ImportRow.row_no).limit(ROWS + 1)).all()
    more = f"after={rows[ROWS - 1].row_no}" if len(rows) > ROWS else None
    return {
        "rows": rows[:ROWS],
        "outcome": outcome,
        "doubt": doubt,
        "more": more,
        "outcomes": list(RowOutcome),
    }


def check_with_columns(
    batch: ImportBatch, shown: Callable[..., Response], *, back: str
) -> Response:
    """Keep the columns as chosen, for the next file of the source too, and have it checked."""
    form = columns_form(batch)
    if batch.state in OPEN and not form.validate():
        return shown(batch, 422, form=form)
    chosen = chosen_columns(batch, form)

    def check() -> None:
        reception.choose_columns(db.session, batch, chosen, remember=True)
        trial.ask(db.session, batch)

    return act_on(batch, shown, check, back=back, ring=True)


def discard(batch: ImportBatch, shown: Callable[..., Response], *, back: str) -> Response:
    """Erase a file that was not applied."""
    return act_on(
        batch,
        shown,
        lambda: erasing.discard(db.session, batch, by=current_user.id, now=clock.now()),
        back=back,
        done=_("“%(file)s” is discarded. Nothing of it was applied.", file=batch.filename),
    )


def act_on(
    batch: ImportBatch,
    shown: Callable[..., Response],
    act: Callable[[], object],
    *,
    back: str,
    done: str = "",
    ring: bool = False,
) -> Response:
    """Do it and go `back`; `ring` when there is work for the worker now. A refusal is `shown`."""
    answer = done_or_shown(
        act, lambda status, no: shown(batch, status, refusal=no), back=back, said=done
    )
    if ring and answer.status_code == 303:
        current_app.extensions["club_bell"].ring()
    return answer
