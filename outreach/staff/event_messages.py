"""Messages to those who signed up for an event: write, look who and how many, send once."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import letter_holes, messages
from events.letter_words import MESSAGE
from events.models import Audience, Event, EventMessage
from events.staff.loading import planned_event
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import LANGUAGES, reader_language
from foundation.web.pages import page
from outreach.blueprint import bp
from outreach.forms import LetterWordsForm
from outreach.staff import letter_previews, test_letters
from outreach.staff.event_letters import typed_words

SHOWN = 200


@bp.get("/desk/events/<int:event_id>/messages/new")
@requires(Permission.EVENT_PUBLISH)
def new_message(event_id: int) -> Response:
    return _form_page(planned_event(event_id), None, LetterWordsForm(), [Audience.REGISTERED])


@bp.post("/desk/events/<int:event_id>/messages")
@requires(Permission.EVENT_PUBLISH)
def write_message(event_id: int) -> Response:
    event, form, chosen = planned_event(event_id), LetterWordsForm(), _typed_audience()
    if not form.validate():
        return _form_page(event, None, form, chosen, 422)
    return done_or_shown(
        lambda: messages.draft(
            db.session, event, chosen, typed_words(form), by=current_user.id, now=clock.now()
        ),
        lambda *no: _form_page(planned_event(event_id), None, form, chosen, *no),
        back=_path,
    )


@bp.get("/desk/events/<int:event_id>/messages/<int:message_id>")
@requires(Permission.EVENT_PUBLISH)
def event_message(event_id: int, message_id: int) -> Response:
    return _message_page(_message(event_id, message_id))


@bp.get("/desk/events/<int:event_id>/messages/<int:message_id>/edit")
@requires(Permission.EVENT_PUBLISH)
def edit_message(event_id: int, message_id: int) -> Response:
    found = _message(event_id, message_id)
    chosen = messages.audience_of(found)
    return _form_page(found.event, found, LetterWordsForm(obj=found), chosen)


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/edit")
@requires(Permission.EVENT_PUBLISH)
def change_message(event_id: int, message_id: int) -> Response:
    found, form, chosen = _message(event_id, message_id), LetterWordsForm(), _typed_audience()
    if not form.validate():
        return _form_page(found.event, found, form, chosen, 422)
    words = typed_words(form)
    return done_or_shown(
        lambda: messages.change(
            db.session, found, chosen, words, by=current_user.id, now=clock.now()
        ),
        lambda *no: _form_page(
            planned_event(event_id), _message(event_id, message_id), form, chosen, *no
        ),
        back=_path(found),
    )


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/send")
@requires(Permission.EVENT_PUBLISH)
def send_message(event_id: int, message_id: int) -> Response:
    found, seen = _message(event_id, message_id), request.form.get("seen", -1, type=whole)
    return done_or_shown(
        lambda: messages.send(db.session, found, seen=seen, by=current_user.id, now=clock.now()),
        lambda *no: _message_page(_message(event_id, message_id), *no),
        back=_path(found),
        said=_("The message is on its way."),
    )


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/discard")
@requires(Permission.EVENT_PUBLISH)
def discard_message(event_id: int, message_id: int) -> Response:
    found = _message(event_id, message_id)
    return done_or_shown(
        lambda: messages.discard(db.session, found, by=current_user.id, now=clock.now()),
        lambda *no: _message_page(_message(event_id, message_id), *no),
        back=f"/desk/events/{event_id}/letters",
        said=_("The draft is gone."),
    )


@bp.post("/desk/events/<int:event_id>/messages/<int:message_id>/test")
@requires(Permission.EVENT_PUBLISH)
def test_message(event_id: int, message_id: int) -> Response:
    found = _message(event_id, message_id)
    test_letters.post(found.event, MESSAGE, message_id=found.id)
    db.session.commit()
    flash(_("The test letter is on its way to you."))
    return redirect(_path(found), 303)


@bp.get("/desk/events/<int:event_id>/messages/<int:message_id>/html")
@requires(Permission.EVENT_PUBLISH)
def event_message_html(event_id: int, message_id: int) -> Response:
    found, tag = _message(event_id, message_id), request.args.get("language", "")
    tag = tag if tag in LANGUAGES else reader_language()
    return letter_previews.as_html(found.event, MESSAGE, tag, message_id=found.id)


def _message(event_id: int, message_id: int) -> EventMessage:
    found = db.session.get(EventMessage, message_id)
    if found is None or found.event_id != event_id:
        abort(404)
    return found


def _path(message: EventMessage) -> str:
    return f"/desk/events/{message.event_id}/messages/{message.id}"


def _typed_audience() -> list[Audience]:
    typed = request.form.getlist("audience")
    return [one for one in Audience if one.value in typed]


def _form_page(
    event: Event,
    message: EventMessage | None,
    form: LetterWordsForm,
    chosen: Sequence[Audience],
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return page(
        "outreach/staff/event_message_form.html",
        status,
        event=event,
        message=message,
        form=form,
        audiences=list(Audience),
        chosen=chosen,
        holes=letter_holes.holes_of(None),
        refusal=refusal,
    )


def _message_page(message: EventMessage, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "outreach/staff/event_message.html",
        status,
        event=message.event,
        message=message,
        audience=messages.audience_of(message),
        seen=letter_previews.in_both(message.event, MESSAGE, None, message_id=message.id),
        language_words=letter_previews.language_words(),
        refusal=refusal,
        **_readers(message),
    )


def _readers(message: EventMessage) -> dict[str, Any]:
    """Who gets it, before it is sent; afterwards the letters tell who got it."""
    if message.sent_at is not None:
        return {"readers": [], "count": message.recipients or 0}
    found = messages.readers(db.session, message)
    return {"readers": found[:SHOWN], "count": len(found)}
