"""The documents of an event at the desk: handed in, opened, taken away."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import documents
from events.blueprint import bp
from events.models import DocumentFor, Event, EventDocument
from events.staff.loading import event_to_edit, planned_event
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import attachment
from foundation.web.incoming import typed
from foundation.web.pages import page


@bp.get("/desk/events/<int:event_id>/documents")
@requires(Permission.EVENT_EDIT)
def desk_documents(event_id: int) -> Response:
    return _documents(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/documents")
@reads_first
@requires(Permission.EVENT_EDIT)
def add_document(event_id: int) -> Response:
    event, file = event_to_edit(event_id), request.files.get("file")

    def add() -> None:
        sheet = documents.Sheet(
            typed("title_zh", 100),
            typed("title_en", 100) or None,
            DocumentFor.MEMBERS if typed("audience") == "members" else DocumentFor.REGISTERED,
            *documents.read(file.read(documents.LARGEST + 1) if file else b""),
        )
        by = current_user.id
        then_write()
        documents.add(db.session, event, sheet, by=by, now=clock.now())

    return done_or_shown(
        add,
        lambda *no: _documents(planned_event(event_id), *no),
        back=url_for("events.desk_documents", event_id=event_id),
        said=_("The document was added."),
    )


@bp.get("/desk/events/<int:event_id>/documents/<int:document_id>")
@requires(Permission.EVENT_EDIT)
def open_document(event_id: int, document_id: int) -> Response:
    found = _document(event_id, document_id)
    return attachment(found.content, found.kind.value, found.title_zh)


@bp.post("/desk/events/<int:event_id>/documents/<int:document_id>/remove")
@requires(Permission.EVENT_EDIT)
def remove_document(event_id: int, document_id: int) -> Response:
    event_to_edit(event_id)
    found = _document(event_id, document_id)
    documents.remove(db.session, found, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("The document was taken away."))
    return redirect(url_for("events.desk_documents", event_id=event_id), 303)


def _document(event_id: int, document_id: int) -> EventDocument:
    found = db.session.get(EventDocument, document_id)
    return found if found is not None and found.event_id == event_id else abort(404)


def _documents(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "events/staff/documents.html",
        status,
        event=event,
        documents=documents.of_event(db.session, event),
        most=documents.MOST,
        largest=documents.LARGEST // 1024**2,
        given=request.form,
        refusal=refusal,
    )
