"""The member's points: balance, statement, and how the tier came about."""

from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import pending, rule_notices, statement
from club.blueprint import bp
from club.lots import endings_of
from club.rules_in_force import rule_book
from club.standing import standing_of
from club.worth import POINTS_PER_YUAN
from foundation import clock, tunables
from foundation.clock import shop_day
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page


@bp.get("/me/points")
@members_only
def points() -> Response:
    owner_id = current_user.owner_id
    today = shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    standing = standing_of(db.session, owner_id, today=today)
    before = request.args.get("before", type=whole)
    return page(
        "club/points.html",
        standing=standing,
        rules=rule_book(db.session).on(today),
        statement=statement.statement_of(db.session, owner_id, before=before, releases=False),
        arithmetic=statement.arithmetic_of(db.session, owner_id, today=today),
        keeping=statement.keeping_of(db.session, owner_id, standing),
        changes=statement.changes_of(db.session, owner_id),
        waiting=pending.waiting_of(db.session, owner_id, today=today),
        coming=rule_notices.announced(db.session, today=today),
        endings=endings_of(db.session, owner_id),
        per_yuan=tunables.value(db.session, POINTS_PER_YUAN),
        later_page=before is not None,
        words=statement,
    )
