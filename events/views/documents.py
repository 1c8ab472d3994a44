"""Documents of an event, opened by those they are for."""

from flask import abort
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import documents
from events.blueprint import bp
from events.models import EventDocument
from foundation.shop import in_language
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.files import attachment
from foundation.web.language import reader_language


@bp.get("/events/documents/<int:document_id>")
@members_only
def event_document(document_id: int) -> Response:
    found = db.session.get(EventDocument, document_id)
    if found is None or not documents.may_open(db.session, found, current_user.owner_id):
        abort(404)
    title = in_language(found, "title", reader_language())
    return attachment(found.content, found.kind.value, title)
