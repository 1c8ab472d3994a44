"""The personal link of an invitation: to the event, with help to sign in on the way."""

from flask import current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.models import Event, EventState
from foundation import clock
from foundation.refusals import Refusal
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.logged import commits_once
from foundation.web.pages import page, refused
from outreach import invitations, links
from outreach.blueprint import bp
from outreach.models import Campaign, CampaignRecipient


@bp.get("/i/<token>")
@open_to_all
def invited(token: str) -> Response:
    """Notes the first opening by a person and nothing else (R41); a preview by HEAD is not one."""
    try:
        number = links.read_invitation(current_app.extensions["club_settings"].link_keys, token)
    except Refusal as refusal:
        return page("outreach/invited.html", 404, refusal=refused(refusal), event=None)
    if request.method == "GET":
        _note_opening(number)
    recipient = db.session.get(CampaignRecipient, number)
    if recipient is None:
        return page("outreach/invited.html", 404, refusal=None, event=None)
    campaign = db.session.get_one(Campaign, recipient.campaign_id)
    event = db.session.get_one(Event, campaign.event_id)
    if current_user.is_authenticated and event.state is EventState.PUBLISHED:
        return redirect(f"/events/{event.id}", 303)
    return page("outreach/invited.html", event=event, refusal=None)


@commits_once
def _note_opening(number: int) -> None:
    recipient = db.session.get(CampaignRecipient, number)
    if recipient is not None:
        invitations.opened(db.session, recipient, now=clock.now())
