"""Campaigns of a draft of rules at the desk: added, changed, taken out."""

from collections.abc import Callable

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import rule_drafts
from club.blueprint import bp
from club.campaign_words import limits_of
from club.models import RuleCampaign, RuleVersion
from club.rule_stamps import CampaignGone, DraftGone, StaleDraft, check_stands
from club.staff.rules import DRAFT, draft_of, gone, seen_of, version_of
from club.staff.rules_forms import CampaignForm
from foundation import clock
from foundation.refusals import Refusal
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.pages import page, refused


@bp.get("/desk/rules/<int:version_id>/campaigns/new")
@requires(DRAFT)
def campaign_new(version_id: int) -> Response:
    return _campaign_page(draft_of(version_id), None, CampaignForm())


@bp.post("/desk/rules/<int:version_id>/campaigns/new")
@requires(DRAFT)
def campaign_add(version_id: int) -> Response:
    return _keep_campaign(version_of(version_id), None, adds=True)


@bp.get("/desk/rules/<int:version_id>/campaigns/<int:campaign_id>")
@requires(DRAFT)
def campaign(version_id: int, campaign_id: int) -> Response:
    draft = draft_of(version_id)
    found = _campaign(draft, campaign_id)
    return _campaign_page(draft, found, CampaignForm(found))


@bp.post("/desk/rules/<int:version_id>/campaigns/<int:campaign_id>")
@requires(DRAFT)
def campaign_change(version_id: int, campaign_id: int) -> Response:
    draft = version_of(version_id)
    return _keep_campaign(draft, _find(draft, campaign_id))


@bp.post("/desk/rules/<int:version_id>/campaigns/<int:campaign_id>/drop")
@requires(DRAFT)
def campaign_drop(version_id: int, campaign_id: int) -> Response:
    draft = version_of(version_id)
    found = _campaign(draft, campaign_id)
    try:
        rule_drafts.drop_campaign(db.session, draft, found, by=current_user.id, now=clock.now())
    except DraftGone as no:
        return gone(no)
    db.session.commit()
    flash(_("The campaign is out of the draft."))
    return redirect(f"/desk/rules/{draft.id}/edit", 303)


def _find(draft: RuleVersion, campaign_id: int) -> RuleCampaign | None:
    return next((one for one in draft.campaigns if one.id == campaign_id), None)


def _campaign(draft: RuleVersion, campaign_id: int) -> RuleCampaign:
    return _find(draft, campaign_id) or abort(404)


def _keep_campaign(
    draft: RuleVersion, found: RuleCampaign | None, *, adds: bool = False
) -> Response:
    form = CampaignForm()
    keep: Callable[..., RuleCampaign] = rule_drafts.keep_campaign
    told = {"by": current_user.id, "now": clock.now(), "seen": request.form.get("seen", "")}
    try:
        if not adds:
            check_stands(draft, found)
        if not form.validate():
            return _campaign_page(draft, found, form, 422)
        keep(db.session, draft, found, form.said(), **told)
    except DraftGone as no:
        return gone(no)
    except CampaignGone as no:
        db.session.rollback()
        return _campaign_page(draft, None, form, 409, refused(no))
    except StaleDraft as no:
        db.session.rollback()
        return _campaign_page(draft, found, form, 409, refused(no))
    except Refusal as no:
        db.session.rollback()
        return _campaign_page(draft, found, form, 422, refused(no))
    db.session.commit()
    flash(_("Saved. Nothing of it counts before it is published."))
    return redirect(f"/desk/rules/{draft.id}/edit", 303)


def _campaign_page(
    draft: RuleVersion,
    found: RuleCampaign | None,
    form: CampaignForm,
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return page(
        "club/staff/rules_campaign.html",
        status,
        draft=draft,
        campaign=found,
        form=form,
        seen=seen_of(found, status),
        stored=found if status == 409 else None,
        limits_of=limits_of,
        refusal=refusal,
    )
