"""The newsletter at the desk: write, look, test, publish, send."""

from dataclasses import fields
from typing import Any

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.rich_text import safe_html
from foundation.roles import Permission
from foundation.shop import in_language, the_shop
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import LANGUAGES, reader_language
from foundation.web.pages import page
from outreach import campaigns, newsletters
from outreach.blueprint import bp
from outreach.forms import IssueForm
from outreach.models import CampaignState, Newsletter, NewsletterState
from outreach.newsletters import Texts
from outreach.staff import previews
from outreach.staff.letter_words import without_way_out
from outreach.staff.people import people_of

PER_PAGE = 30


@bp.get("/desk/newsletters")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_list() -> Response:
    before = request.args.get("before", type=whole)
    wanted = select(Newsletter).order_by(Newsletter.id.desc()).limit(PER_PAGE + 1)
    found = wanted.where(Newsletter.id < before) if before else wanted
    issues = list(db.session.scalars(found))
    older = issues[PER_PAGE - 1].id if len(issues) > PER_PAGE else None
    return page(
        "outreach/staff/newsletters.html", issues=issues[:PER_PAGE], older=older, before=before
    )


@bp.get("/desk/newsletters/new")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_new() -> Response:
    return page("outreach/staff/newsletter_form.html", form=IssueForm(), issue=None, preview=None)


@bp.post("/desk/newsletters")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_create() -> Response:
    form = IssueForm()
    if not form.validate():
        return _form_page(form, None, 422)
    issue = newsletters.draft(
        db.session, the_shop(db.session), _texts(form), by=current_user.id, now=clock.now()
    )
    db.session.commit()
    return redirect(f"/desk/newsletters/{issue.id}", 303)


@bp.get("/desk/newsletters/<int:issue_id>")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_show(issue_id: int) -> Response:
    return _issue_page(_issue(issue_id))


@bp.get("/desk/newsletters/<int:issue_id>/edit")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_edit(issue_id: int) -> Response:
    issue = _issue(issue_id)
    return _form_page(IssueForm(obj=issue), issue)


@bp.post("/desk/newsletters/<int:issue_id>/edit")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_change(issue_id: int) -> Response:
    issue, form = _issue(issue_id), IssueForm()
    if not form.validate():
        return _form_page(form, issue, 422)
    return done_or_shown(
        lambda: newsletters.change(
            db.session, issue, _texts(form), by=current_user.id, now=clock.now()
        ),
        lambda *no: _form_page(form, issue, *no),
        back=f"/desk/newsletters/{issue.id}",
    )


@bp.post("/desk/newsletters/<int:issue_id>/test")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_test(issue_id: int) -> Response:
    account = current_user._get_current_object()
    posted = newsletters.post_tests(db.session, _issue(issue_id), account, now=clock.now())
    db.session.commit()
    if len(posted) > 1:
        flash(_("Test letters in Chinese and in English are on their way to you."))
    else:
        flash(_("The test letter is on its way to you."))
    return redirect(f"/desk/newsletters/{issue_id}", 303)


@bp.post("/desk/newsletters/<int:issue_id>/publish")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_publish(issue_id: int) -> Response:
    issue = _issue(issue_id)
    return done_or_shown(
        lambda: newsletters.publish(db.session, issue, by=current_user.id, now=clock.now()),
        lambda *no: _issue_page(issue, *no),
        back=f"/desk/newsletters/{issue_id}",
        said=_("Published. Everybody can read it now."),
    )


@bp.post("/desk/newsletters/<int:issue_id>/send")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_send(issue_id: int) -> Response:
    issue, now = _issue(issue_id), clock.now()

    def send() -> None:
        campaign = newsletters.send(db.session, issue, by=current_user.id, now=now)
        newsletters.draw_more(db.session, campaign, previews.settings(), now=now)

    return done_or_shown(
        send,
        lambda *no: _issue_page(issue, *no),
        back=f"/desk/newsletters/{issue_id}",
        said=_("The issue is on its way. You can still stop it."),
    )


@bp.post("/desk/newsletters/<int:issue_id>/stop")
@requires(Permission.NEWSLETTER_PUBLISH)
def newsletter_stop(issue_id: int) -> Response:
    campaign = newsletters.campaign_of(db.session, _issue(issue_id))
    if campaign is not None and campaign.state is CampaignState.SENDING:
        campaigns.stop(db.session, campaign, by=current_user.id, now=clock.now())
        db.session.commit()
        flash(_("Stopped. Nobody else gets this issue."))
    return redirect(f"/desk/newsletters/{issue_id}", 303)


def _issue(issue_id: int) -> Newsletter:
    issue = db.session.get(Newsletter, issue_id)
    if issue is None:
        abort(404)
    return issue


def _texts(form: IssueForm) -> Texts:
    said = {one.name: (form[one.name].data or "").strip() for one in fields(Texts)}
    for name in ("title_en", "summary_en", "body_en"):
        said[name] = said[name] or None
    return Texts(**said)


def _form_page(
    form: IssueForm, issue: Newsletter | None, status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "outreach/staff/newsletter_form.html", status, form=form, issue=issue, refusal=refusal
    )


def _issue_page(issue: Newsletter, status: int = 200, refusal: str | None = None) -> Response:
    campaign = newsletters.campaign_of(db.session, issue)
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else reader_language()
    seen = previews.newsletter(issue, language)
    ready = issue.state is NewsletterState.PUBLISHED and campaign is None
    return page(
        "outreach/staff/newsletter.html",
        status,
        issue=issue,
        said={name: in_language(issue, name, language) for name in ("title", "summary")},
        body=Markup(safe_html(in_language(issue, "body", language))),  # noqa: S704 - cleaned
        shown_in=language,
        looked_at=seen,
        letter_text=without_way_out(seen.text),
        short=previews.as_text(seen),
        **(_ahead(issue) if ready else {}),
        campaign=campaign,
        **(people_of(campaign) if campaign else {}),
        readers=newsletters.readers(db.session),
        refusal=refusal,
    )


def _ahead(issue: Newsletter) -> dict[str, Any]:
    """Whom it would reach, and as how many messages its texts count."""
    found = newsletters.forecast(db.session, issue, previews.settings(), now=clock.now())
    lengths = {tag: previews.as_text(previews.newsletter(issue, tag))[1] for tag in LANGUAGES}
    return {
        "forecast": found,
        "messages": found.messages(lengths),
        "may_see_members": may(Permission.MEMBER_VIEW),
    }
