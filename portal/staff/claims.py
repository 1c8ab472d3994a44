"""The counter decides on claims: is this archive theirs?"""

from flask import abort, current_app
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page
from members.models import ArchiveClaim
from portal import claims
from portal.blueprint import bp
from portal.claims_list import waiting

CONFIRM = Permission.ARCHIVE_CONFIRM


@bp.get("/desk/claims")
@requires(CONFIRM)
def claims_list() -> Response:
    return _page()


@bp.post("/desk/claims/<int:claim_id>/confirm")
@requires(CONFIRM)
def claims_confirm_post(claim_id: int) -> Response:
    made = db.session.get(ArchiveClaim, claim_id) or abort(404)
    key = current_app.extensions["club_settings"].hash_key
    return done_or_shown(
        lambda: claims.confirm(db.session, made, hash_key=key, by=current_user.id, now=clock.now()),
        _page,
        back="/desk/claims",
        said=_("Confirmed: the member sees the archive as their own from now on."),
    )


@bp.post("/desk/claims/<int:claim_id>/decline")
@requires(CONFIRM)
def claims_decline_post(claim_id: int) -> Response:
    made = db.session.get(ArchiveClaim, claim_id) or abort(404)
    return done_or_shown(
        lambda: claims.decline(db.session, made, by=current_user.id, now=clock.now()),
        _page,
        back="/desk/claims",
        said=_("Declined. The archive stays as it was."),
    )


def _page(status: int = 200, refusal: str | None = None) -> Response:
    return page("portal/staff/claims.html", status, claims=waiting(db.session), refusal=refusal)
