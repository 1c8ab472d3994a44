"""Inviting members at the desk: choose, write, look, send, watch."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from events.models import Event
from foundation import clock
from foundation.outbox import Channel, Rendered
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import LANGUAGES
from foundation.web.pages import page
from outreach import campaigns, choosing, invitations
from outreach.blueprint import bp
from outreach.forms import WordsForm
from outreach.links import invitation_path
from outreach.models import Campaign, CampaignKind, CampaignState, RecipientState, Topic
from outreach.rules import from_json, to_json
from outreach.staff import letter_previews, previews
from outreach.staff.choice import audience, choosing_query
from outreach.staff.letter_previews import Seen
from outreach.staff.letter_words import without_way_out
from outreach.staff.people import people_of

PER_PAGE = 30


@bp.get("/desk/invitations")
@requires(Permission.INVITATION_SEND)
def invitation_list() -> Response:
    wanted = (
        select(Campaign, Event)
        .join(Event, Event.id == Campaign.event_id)
        .where(Campaign.kind == CampaignKind.INVITATION)
        .order_by(Campaign.id.desc())
        .limit(PER_PAGE + 1)
    )
    before = request.args.get("before", type=whole)
    rows = db.session.execute(wanted.where(Campaign.id < before) if before else wanted).all()
    older = rows[PER_PAGE - 1][0].id if len(rows) > PER_PAGE else None
    counts = campaigns.counts(db.session, [campaign.id for campaign, _event in rows])
    return page(
        "outreach/staff/invitations.html",
        rows=rows[:PER_PAGE],
        older=older,
        before=before,
        counts=counts,
    )


@bp.get("/desk/invitations/words")
@requires(Permission.INVITATION_SEND)
def invitation_words() -> Response:
    event = _event(request.args.get("event_id", type=whole))
    rule = choosing.rule_of(request.args)
    form = WordsForm(formdata=None, event_id=event.id, rule=json.dumps(to_json(rule)))
    return _words_page(form, event, to_json(rule))


@bp.post("/desk/invitations")
@requires(Permission.INVITATION_SEND)
def invitation_draft() -> Response:
    form = WordsForm()
    event = _event(_number(form.event_id.data))
    try:
        rule = from_json(json.loads(form.rule.data or "null"))
    except (ValueError, RecursionError):
        abort(400)
    if not form.validate():
        return _words_page(form, event, to_json(rule), 422)
    return done_or_shown(
        lambda: invitations.draft_invitation(
            db.session,
            event,
            rule,
            words_zh=form.words_zh.data or "",
            words_en=form.words_en.data,
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _words_page(form, event, to_json(rule), *no),
        back=lambda campaign: f"/desk/invitations/{campaign.id}",
    )


@bp.get("/desk/invitations/<int:campaign_id>")
@requires(Permission.INVITATION_SEND)
def invitation(campaign_id: int) -> Response:
    return _campaign_page(_campaign(campaign_id))


@bp.post("/desk/invitations/<int:campaign_id>/send")
@requires(Permission.INVITATION_SEND)
def invitation_send(campaign_id: int) -> Response:
    campaign, now = _campaign(campaign_id), clock.now()

    def send() -> None:
        campaigns.start(db.session, campaign, by=current_user.id, now=now)
        invitations.draw_more(db.session, campaign, previews.settings(), now=now)

    return done_or_shown(
        send,
        lambda *no: _campaign_page(_campaign(campaign_id), *no),
        back=f"/desk/invitations/{campaign_id}",
        said=_("The invitations are on their way. You can still stop them."),
    )


@bp.post("/desk/invitations/<int:campaign_id>/stop")
@requires(Permission.INVITATION_SEND)
def invitation_stop(campaign_id: int) -> Response:
    campaign = _campaign(campaign_id)
    if campaign.state is CampaignState.SENDING:
        invitations.stop(db.session, campaign, by=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("Stopped. Nobody else gets this invitation."))
    return redirect(f"/desk/invitations/{campaign_id}", 303)


def _event(event_id: int | None) -> Event:
    event = db.session.get(Event, event_id) if event_id else None
    if event is None:
        abort(404)
    return event


def _campaign(campaign_id: int) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None or campaign.kind is not CampaignKind.INVITATION:
        abort(404)
    return campaign


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


def _words_page(
    form: WordsForm,
    event: Event,
    rule: dict[str, Any],
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return page(
        "outreach/staff/words.html",
        status,
        form=form,
        event=event,
        refusal=refusal,
        count=audience(from_json(rule))["count"],
        chosen=choosing_query(event.id, rule),
    )


def _campaign_page(campaign: Campaign, status: int = 200, refusal: str | None = None) -> Response:
    event = _event(campaign.event_id)
    seen = [_seen(campaign, event, language) for language in LANGUAGES]
    return page(
        "outreach/staff/invitation.html",
        status,
        campaign=campaign,
        event=event,
        seen=seen,
        language_words=letter_previews.language_words(),
        refusal=refusal,
        chosen=choosing_query(event.id, campaign.rule),
        undo=campaign.send_after and campaign.send_after > clock.now(),
        **(_ahead(campaign, seen) if campaign.state is CampaignState.DRAFT else _so_far(campaign)),
    )


def _seen(campaign: Campaign, event: Event, language: str) -> Seen:
    """The invitation as its readers of this language get it, by each channel; a text is counted
    with a link as long as theirs."""
    name = "Wang Xiaoming" if language == "en" else "王小明"
    details = invitations.letter_details(event, name, language)

    def with_link(link: str) -> Rendered:
        told, topic = details | {"link": link}, Topic.INVITATIONS
        return previews.sample("invitation", campaign.id, told, topic, language)

    words, whole = with_link("/i/…"), with_link(invitation_path(previews.settings().link_keys, 0))
    text, segments = previews.as_text(words)[0], previews.as_text(whole)[1]
    letter = without_way_out(words.text)
    return Seen(language, words.subject, letter, text, segments, words.short)


def _ahead(campaign: Campaign, seen: Sequence[Seen]) -> dict[str, Any]:
    now = clock.now()
    found = invitations.forecast(db.session, campaign, previews.settings(), now=now)
    return {
        "forecast": found,
        "messages": found.messages({one.language: one.segments for one in seen}),
        "may_see_members": may(Permission.MEMBER_VIEW),
    }


def _so_far(campaign: Campaign) -> dict[str, Any]:
    """The people, and at the side how many by which channel and left out for which reason."""
    rows = campaigns.progress(db.session, campaign.id)
    reached, left_out = Counter[Channel](), Counter[str]()
    for channel, state, why, number in rows:
        if state is RecipientState.SKIPPED:
            left_out[why or ""] += number
        else:
            reached[channel] += number
    words = previews.channel_words()
    return {
        "channel_counts": [(words[channel], reached[channel]) for channel in Channel],
        "left_out": left_out.most_common(),
        **people_of(campaign),
    }
