"""The club's figures at the desk, the front page: what stands behind each number is in club/."""

from flask import current_app
from werkzeug.wrappers.response import Response

from club.staff.boards import front
from club.staff.boards.asking import Ask
from foundation import clock
from foundation.clock import shop_day
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.pages import page
from foundation.web.periods import asked_period
from portal.blueprint import bp
from portal.overview import EVENTS_SHOWN, events_of


@bp.get("/desk/figures")
@requires(Permission.FIGURES_VIEW)
def figures_page() -> Response:
    asked = asked_period()
    zone = current_app.extensions["club_settings"].zone
    ask = Ask(db.session, asked.period, shop_day(clock.now(), zone), zone, asked.query)
    return page(
        "portal/staff/figures.html",
        asked.status,
        asked=asked,
        shown=EVENTS_SHOWN,
        board=front.board(ask),
        events=events_of(db.session, asked.period, zone),
    )
