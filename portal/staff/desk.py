"""The desk's front page and its search."""

from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.database import db
from foundation.web.pages import page
from portal.blueprint import bp
from portal.searching import Found, search
from portal.today import today_of


@bp.get("/desk")
@requires(Permission.DESK_ENTER)
def desk() -> Response:
    zone, now = current_app.extensions["club_settings"].zone, clock.now()
    work = today_of(
        db.session, current_user.id, all_tasks=may(Permission.LETTER_VIEW), zone=zone, now=now
    )
    return page(
        "portal/staff/desk.html",
        work=work,
        now=now,
        today=now.astimezone(zone).date(),
        may={one.name: may(one) for one in Permission},
    )


@bp.get("/desk/search")
@requires(Permission.DESK_ENTER)
def desk_search() -> Response:
    words = request.args.get("q", "")[:80]
    found = search(db.session, words)
    if not may(Permission.MEMBER_VIEW):
        found = Found([], [], found.events)
    return page("portal/staff/search.html", words=words, found=found)
