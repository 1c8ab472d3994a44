"""Letting a blocked referral through at the desk, or agreeing to many points: by two."""

from collections.abc import Callable

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import adjusting, referral_wishes
from club import referral_clearing as rules
from club.blueprint import bp
from club.models import ReferralClearing
from club.staff.referrals import referral_of, referral_page
from club.views.vouchers import shop_today
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed

HERE = "/desk/referrals/<int:referral_id>/clearing"
MAY = Permission.POINTS_ADJUST


@bp.post(HERE)
@requires(MAY)
def referral_clear(referral_id: int) -> Response:
    found, reason = referral_of(referral_id), typed("reason", adjusting.LONGEST)

    def act() -> None:
        by, now = current_user.id, clock.now()
        rules.let_through(db.session, found, reason=reason, today=shop_today(), by=by, now=now)

    return _done(referral_id, act)


@bp.post(f"{HERE}/confirm")
@requires(MAY)
def referral_clear_confirm(referral_id: int) -> Response:
    wish = _wish(referral_id)

    def act() -> None:
        by, now = current_user.id, clock.now()
        rules.confirm(db.session, wish, today=shop_today(), by=by, now=now)

    return _done(referral_id, act)


@bp.post(f"{HERE}/refuse")
@requires(MAY)
def referral_clear_refuse(referral_id: int) -> Response:
    wish, reason = _wish(referral_id), typed("reason", adjusting.LONGEST)

    def act() -> None:
        by, now = current_user.id, clock.now()
        rules.refuse(db.session, wish, reason=reason, today=shop_today(), by=by, now=now)

    return _done(referral_id, act)


def _done(referral_id: int, act: Callable[[], None]) -> Response:
    return done_or_shown(
        act,
        lambda *no: referral_page(referral_of(referral_id), *no),
        back=f"/desk/referrals/{referral_id}",
        said=_("Noted."),
    )


def _wish(referral_id: int) -> ReferralClearing:
    return referral_wishes.waiting_for(db.session, referral_of(referral_id)) or abort(404)
