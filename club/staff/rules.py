"""Rule sets at the desk: those in force, to come and past; drafts and their editor."""

from collections.abc import Mapping
from datetime import date

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers.response import Response

from club import rule_drafts
from club.blueprint import bp
from club.campaign_words import limits_of
from club.models import BonusKind, RuleCampaign, RuleVersion
from club.rule_comparison import final_rates
from club.rule_stamps import DraftGone, StaleDraft, stamp_of
from club.rules_in_force import rule_book
from club.staff.rules_forms import KINDS as KINDS_OF_WORK
from club.staff.rules_forms import NameForm, numbers_of, typed_of
from foundation import clock
from foundation.clock import shop_day
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.pages import page, refused

DRAFT = Permission.RULES_DRAFT


@bp.get("/desk/rules")
@requires(DRAFT)
def rule_sets() -> Response:
    return _list_page(NameForm())


@bp.post("/desk/rules")
@requires(DRAFT)
def rule_set_begin() -> Response:
    form = NameForm()
    if not form.validate():
        return _list_page(form, 422)
    draft = rule_drafts.begin(db.session, form.name.data or "", by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect(f"/desk/rules/{draft.id}/edit", 303)


@bp.get("/desk/rules/<int:version_id>/edit")
@requires(DRAFT)
def rule_set_edit(version_id: int) -> Response:
    draft = draft_of(version_id)
    return _editor(draft, typed_of(draft))


@bp.post("/desk/rules/<int:version_id>/edit")
@requires(DRAFT)
def rule_set_change(version_id: int) -> Response:
    draft = version_of(version_id)
    numbers, seen = numbers_of(request.form), request.form.get("seen", "")
    try:
        rule_drafts.change(
            db.session, draft, numbers, by=current_user.id, now=clock.now(), seen=seen
        )
    except DraftGone as no:
        return gone(no)
    except StaleDraft as no:
        db.session.rollback()
        return _editor(draft, request.form, 409, refused(no))
    except Refusal as no:
        db.session.rollback()
        return _editor(draft, request.form, 422, refused(no))
    db.session.commit()
    flash(_("Saved. Nothing of it counts before it is published."))
    return redirect(f"/desk/rules/{draft.id}", 303)


@bp.post("/desk/rules/<int:version_id>/discard")
@requires(DRAFT)
def rule_set_discard(version_id: int) -> Response:
    draft = version_of(version_id)
    try:
        rule_drafts.discard(db.session, draft, by=current_user.id, now=clock.now())
    except DraftGone as no:
        return gone(no)
    db.session.commit()
    flash(_("The draft is gone."))
    return redirect("/desk/rules", 303)


def version_of(version_id: int) -> RuleVersion:
    """The version of an address; 404 where there is none."""
    return db.session.get(RuleVersion, version_id) or abort(404)


def draft_of(version_id: int) -> RuleVersion:
    """The draft of an address; what is published has no editor."""
    found = version_of(version_id)
    return found if found.is_draft else abort(404)


def today() -> date:
    """The shop's day."""
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)


def gone(no: DraftGone) -> Response:
    """Back to the list of rule sets, where the draft is no more."""
    db.session.rollback()
    flash(refused(no))
    return redirect("/desk/rules", 303)


def _list_page(form: NameForm, status: int = 200) -> Response:
    versions = db.session.scalars(
        select(RuleVersion)
        .options(selectinload(RuleVersion.tiers), selectinload(RuleVersion.campaigns))
        .order_by(RuleVersion.starts_on.desc(), RuleVersion.published_at.desc())
    ).all()
    day, published = today(), [one for one in versions if not one.is_draft]
    begun = [one for one in published if (one.starts_on or day) <= day]
    return page(
        "club/staff/rules.html",
        status,
        form=form,
        in_force=begun[0] if begun else None,
        coming=[one for one in reversed(published) if (one.starts_on or day) > day],
        drafts=[one for one in versions if one.is_draft],
        past=begun[1:],
        bonus_kinds=list(BonusKind),
        rates=final_rates(rule_book(db.session).on(day).both[0]),
        limits_of=limits_of,
    )


def _editor(
    draft: RuleVersion, typed: Mapping[str, str], status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "club/staff/rules_edit.html",
        status,
        draft=draft,
        typed=typed,
        stored=typed_of(draft) if status == 409 else {},
        seen=seen_of(draft, status),
        limits_of=limits_of,
        kinds=KINDS_OF_WORK,
        bonus_kinds=list(BonusKind),
        refusal=refusal,
    )


def seen_of(found: RuleVersion | RuleCampaign | None, status: int) -> str:
    """The stamp of the form: a refused one keeps its own, unless it was that which was refused."""
    if status == 422:
        return request.form.get("seen", "")
    return stamp_of(found) if found else ""
