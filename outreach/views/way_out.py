"""Ending letters: the page behind their link, and its one click."""

from flask import current_app, request
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.settings import Settings
from foundation.tokens import LinkAltered
from foundation.web.access import machine_post, open_to_all
from foundation.web.database import db
from foundation.web.pages import page, refused
from members.models import Owner
from outreach import consents, links, unsubscribing
from outreach.blueprint import bp
from outreach.links import WayOut
from outreach.models import Topic


def _settings() -> Settings:
    settings: Settings = current_app.extensions["club_settings"]
    return settings


@bp.get("/u/<token>")
@open_to_all
def way_out(token: str) -> Response:
    """Shows what can be ended; changes nothing, however often it is fetched."""
    try:
        found = _read(token)
    except Refusal as refusal:
        return page("outreach/way_out.html", 404, refusal=refused(refusal), topic=None)
    return _page(found, token, done=False)


@bp.post("/u/<token>")
@machine_post(reason="RFC 8058: mail programs post here; the signed token is the right to do it")
def end_letters(token: str) -> Response:
    """Ends the topic of the letter, or all marketing; again is fine."""
    try:
        found = _read(token)
    except Refusal as refusal:
        return page("outreach/way_out.html", 404, refusal=refused(refusal), topic=None)
    now = clock.now()
    if request.form.get("what") == "all" or found.topic is None:
        unsubscribing.end_all(db.session, found.owner_id, now=now)
    else:
        unsubscribing.end_topic(db.session, found.owner_id, found.topic, now=now)
    db.session.commit()
    return _page(found, token, done=True)


def _read(token: str) -> WayOut:
    """The owner and topic of a token; of an archive that was merged, the one that stayed (R13)."""
    found = links.read_way_out(_settings().link_keys, token)
    owner = db.session.get(Owner, found.owner_id)
    while owner is not None and owner.merged_into_id is not None:
        owner = db.session.get(Owner, owner.merged_into_id)
    if owner is None:
        raise LinkAltered(links.NOT_WHOLE)
    return WayOut(owner.id, found.topic)


def _page(found: WayOut, token: str, *, done: bool) -> Response:
    answers = consents.answers_of(db.session, found.owner_id)
    return page(
        "outreach/way_out.html",
        token=token,
        topic=found.topic,
        done=done,
        agreed=[topic for topic in Topic if answers[topic]],
        refusal=None,
    )
