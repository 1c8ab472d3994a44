"""The public archive of the newsletter. It knows no reader (R45)."""

from flask import abort, request
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from foundation.rich_text import safe_html
from foundation.shop import in_language
from foundation.web.access import open_to_all
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.language import reader_language
from foundation.web.pages import page
from outreach import newsletters
from outreach.blueprint import bp
from outreach.models import Newsletter, NewsletterState

PER_PAGE = 12


@bp.get("/newsletter")
@open_to_all
def archive() -> Response:
    wanted = newsletters.published_query().limit(PER_PAGE + 1)
    before = request.args.get("before", type=whole)
    if before:
        wanted = wanted.where(Newsletter.number < before)
    issues = list(db.session.scalars(wanted))
    older = issues[PER_PAGE - 1].number if len(issues) > PER_PAGE else None
    return page("outreach/archive.html", issues=issues[:PER_PAGE], older=older, before=before)


@bp.get("/newsletter/<int:issue_id>")
@open_to_all
def issue(issue_id: int) -> Response:
    found = db.session.scalar(
        select(Newsletter).where(
            Newsletter.id == issue_id, Newsletter.state == NewsletterState.PUBLISHED
        )
    )
    if found is None:
        abort(404)
    body = safe_html(in_language(found, "body", reader_language()))
    return page(
        "outreach/issue.html",
        issue=found,
        body=Markup(body),  # noqa: S704 - cleaned by safe_html
    )
