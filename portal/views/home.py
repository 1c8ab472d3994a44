"""The front page for strangers and the member's home."""

from flask import current_app, redirect
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club.rules_in_force import rule_book
from club.standing import thresholds
from foundation import clock
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.web.access import may, open_to_all, signed_in
from foundation.web.database import db
from foundation.web.pages import page
from portal.blueprint import bp
from portal.coming import public_events
from portal.home import home_of, latest_newsletter

EVENTS_IN_FRONT = 3


@bp.get("/")
@open_to_all
def front() -> Response:
    if current_user.is_authenticated:
        return redirect(_own_page(), 303)
    zone, now = current_app.extensions["club_settings"].zone, clock.now()
    today = shop_day(now, zone)
    return page(
        "portal/front.html",
        events=public_events(db.session, zone=zone, now=now, limit=EVENTS_IN_FRONT),
        newsletter=latest_newsletter(db.session),
        milestones=thresholds(db.session, today=today),
        rules=rule_book(db.session).on(today),
    )


def _own_page() -> str:
    if may(Permission.DESK_ENTER):
        return "/desk"
    return "/partner" if may(Permission.PARTNER_CHECK) else "/me"


@bp.get("/me")
@signed_in
def me() -> Response:
    if not current_user.is_member:
        return page("portal/not_yet.html")
    zone, now = current_app.extensions["club_settings"].zone, clock.now()
    mine = current_user._get_current_object()
    home = home_of(db.session, mine, mine.owner.membership, zone=zone, now=now)
    local = now.astimezone(zone)
    return page("portal/home.html", home=home, today=local.date(), hour=local.hour)
