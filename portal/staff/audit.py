"""The audit trail at the desk."""

from flask import request
from werkzeug.wrappers.response import Response

from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page
from portal import audit_trail
from portal.blueprint import bp
from portal.views.trail import in_words


@bp.get("/desk/audit")
@requires(Permission.AUDIT_VIEW)
def audit_page() -> Response:
    before = request.args.get("before", type=whole)
    account = request.args.get("account", type=whole)
    kind, number = request.args.get("kind", ""), request.args.get("thing", type=whole)
    thing = (kind, number) if kind and number is not None else None
    found, older = audit_trail.lines(db.session, before=before, account_id=account, thing=thing)
    words = [(line, in_words(line)) for line in found]
    return page("portal/staff/audit.html", lines=words, older=older, account=account, before=before)
