"""A device at the door: it takes the list along, asks what is new, and sends what it noted."""

from typing import Any

from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers.response import Response

from events import door_lists, door_marks
from events.blueprint import bp
from events.door_marks import Noted
from events.models import Event
from events.staff.loading import planned_event
from events.views.door_app import shell
from events.views.loading import ticket_keys
from foundation import clock
from foundation.roles import Permission
from foundation.shop import in_language
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.device_marks import DeviceMark, sent_marks, unkept
from foundation.web.language import reader_language, say, span_text


@bp.get("/desk/check-in/device")
@requires(Permission.EVENT_CHECK_IN)
def door_on_device() -> Response:
    """The door that goes on without a network: ?event= says which."""
    return shell()


@bp.post("/desk/events/<int:event_id>/check-in/list.json")
@requires(Permission.EVENT_CHECK_IN)
def take_door_list(event_id: int) -> Response:
    event, now = planned_event(event_id), clock.now()
    taken = door_lists.take(db.session, event, keys=ticket_keys(), by=current_user.id, now=now)
    db.session.commit()
    for row in taken["rows"]:
        if "needs" in row:
            row["needs"] = [say(words) for words in row["needs"]]
    return unkept({**_about(event), "taken_at": now.isoformat(), **taken})


@bp.get("/desk/events/<int:event_id>/check-in/state.json")
@requires(Permission.EVENT_CHECK_IN)
def door_state(event_id: int) -> Response:
    """No name: only who was seen where, whether the list is a newer one, and a form's token."""
    event = planned_event(event_id)
    return unkept(
        {
            "token": generate_csrf(),
            "at": clock.now().isoformat(),
            "version": door_lists.version_of(db.session, event),
            "seen": door_lists.seen_of(db.session, event.id),
        }
    )


@bp.post("/desk/events/<int:event_id>/check-in/marks")
@requires(Permission.EVENT_CHECK_IN)
def take_marks(event_id: int) -> Response:
    event, now = planned_event(event_id), clock.now()
    marks = [_noted(mark) for mark in sent_marks(now=now)]
    answers = door_marks.take_in(db.session, event, marks, by=current_user.id, now=now)
    db.session.commit()
    results = [
        {
            "request_id": one.request_id,
            "outcome": one.outcome.value,
            "words": say(one.message, one.values) if one.message else "",
        }
        for one in answers
    ]
    return unkept({"results": results})


def _noted(mark: DeviceMark) -> Noted:
    return Noted(
        mark.request_id,
        mark.happened_at,
        mark.device,
        registration_id=mark.number("registration_id"),
        step_id=mark.number("step_id"),
        code=mark.text("code"),
        undoes=mark.text("undoes"),
    )


def _about(event: Event) -> dict[str, Any]:
    language = reader_language()
    return {
        "event": event.id,
        "title": in_language(event, "title", language),
        "when": span_text(event.starts_at, event.ends_at),
        "erase_at": door_lists.erased_at(event).isoformat(),
        "steps": [
            {"id": one.id, "name": in_language(one, "name", language)} for one in event.steps
        ],
    }
