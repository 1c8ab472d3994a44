"""The member's benefits: what is left this year, discounts, partners, all tiers compared."""

from flask import current_app
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import benefits as rules
from club import bonuses, entitlements, voucher_lists
from club.blueprint import bp
from club.models import BonusKind
from club.standing import standing_of
from foundation import clock
from foundation.clock import shop_day
from foundation.web.access import members_only
from foundation.web.database import db
from foundation.web.pages import page


@bp.get("/me/benefits")
@members_only
def benefits() -> Response:
    owner_id = current_user.owner_id
    today = shop_day(clock.now(), current_app.extensions["club_settings"].zone)
    standing = standing_of(db.session, owner_id, today=today)
    offers = rules.offers_today(db.session, today=today)
    return page(
        "club/benefits.html",
        standing=standing,
        year=entitlements.member_year(db.session, owner_id, today),
        uses=entitlements.history(db.session, owner_id, most=12),
        vouchers=voucher_lists.count_usable(db.session, owner_id, today=today),
        bring_points=bonuses.points_for(db.session, BonusKind.REFERRAL, on=today),
        yearly=rules.yearly_of(db.session, owner_id, standing.tier, today=today),
        discounts=rules.discounts_of(db.session, standing.tier),
        offers=[one for one in offers if one.tier.rank <= standing.tier.rank],
        offers_ahead=[one for one in offers if one.tier.rank > standing.tier.rank],
        compared=rules.comparison(db.session),
    )
