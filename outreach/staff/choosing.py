"""The page on which staff choose whom to invite, and the choices they keep."""

from urllib.parse import parse_qsl, urlencode

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers.response import Response

from events.models import Event, EventState
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page, refused
from outreach import choosing, saved_choices
from outreach.blueprint import bp
from outreach.models import Segment
from outreach.rules import WrongRule, from_json
from outreach.staff.choice import choice_values, who_cannot_come

MOST_BOXES = 500


@bp.get("/desk/invitations/new")
@requires(Permission.INVITATION_SEND)
def invitation_new() -> Response:
    return _choose_page(request.args)


@bp.post("/desk/invitations/segments")
@requires(Permission.INVITATION_SEND)
def choice_keep() -> Response:
    typed = request.form.get("query", "")
    try:
        ticked = MultiDict(parse_qsl(typed, max_num_fields=MOST_BOXES))
    except ValueError:
        abort(400)
    name = request.form.get("name", "")
    try:
        rule = choosing.rule_of(ticked)
        saved_choices.keep(db.session, name, rule, by=current_user.id, now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return _choose_page(ticked, refused(refusal), name)
    db.session.commit()
    flash(_("Kept. You find it at the side next time."))
    known = [(key, value) for key, value in ticked.items(multi=True) if key in _KNOWN]
    return redirect(f"/desk/invitations/new?{urlencode(known)}", 303)


@bp.post("/desk/invitations/segments/<int:segment_id>/forget")
@requires(Permission.INVITATION_SEND)
def choice_forget(segment_id: int) -> Response:
    segment = db.session.get(Segment, segment_id)
    if segment is None:
        abort(404)
    saved_choices.forget(db.session, segment, by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("Forgotten."))
    return redirect("/desk/invitations/new", 303)


_KNOWN = ("event_id", *choosing.NAMES)


def _choose_page(
    ticked: MultiDict[str, str], refusal: str | None = None, name: str | None = None
) -> Response:
    values = choice_values(ticked)
    values["refusal"] = refusal or values["refusal"]
    coming, asked = _events(), ticked.get("event_id", type=whole)
    event = next((one for one in coming if one.id == asked), None)
    return page(
        "outreach/staff/choose.html",
        422 if values["refusal"] else 200,
        event_id=event.id if event else None,
        events=coming,
        **who_cannot_come(values, event, ticked),
        saved=_saved(),
        name=name,
        **values,
    )


def _events() -> list[Event]:
    """Published events that have not begun."""
    coming = select(Event).where(Event.state == EventState.PUBLISHED, Event.starts_at > clock.now())
    return list(db.session.scalars(coming.order_by(Event.starts_at).limit(100)))


def _saved() -> list[tuple[Segment, str]]:
    """Each kept choice with the query that ticks its boxes; a rule that no boxes make is left."""
    found = []
    for segment in saved_choices.everything(db.session):
        try:
            boxes = choosing.ticked_of(from_json(segment.rule))
        except WrongRule:
            continue
        found.append((segment, urlencode(boxes)))
    return found
