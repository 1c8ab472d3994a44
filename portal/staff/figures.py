"""The club's figures at the desk: small charts, each with its numbers."""

from flask import current_app
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.pages import page
from portal.blueprint import bp
from portal.overview import overview_of


@bp.get("/desk/figures")
@requires(Permission.FIGURES_VIEW)
def figures_page() -> Response:
    today = shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    found = overview_of(db.session, today=today)
    return page("portal/staff/figures.html", figures=found, today=today)
