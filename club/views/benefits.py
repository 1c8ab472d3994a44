"""The member's benefits: what is left this year, discounts, partners, all tiers compared."""

from flask import current_app, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import benefits as rules
from club import bonuses, entitlements, map_links, offer_use, package_use, voucher_lists
from club.blueprint import bp
from club.models import BonusKind
from club.partners import TRADES
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
    every = rules.offers_today(db.session, today=today)
    trade, tier = request.args.get("trade", "")[:60], request.args.get("tier", "")
    offers = [
        one
        for one in every
        if (not trade or one.partner.trade == trade) and (not tier or one.tier.value == tier)
    ]
    dues = offer_use.dues_of(db.session, offers, owner_id, today=today)
    return page(
        "club/benefits.html",
        standing=standing,
        year=entitlements.member_year(db.session, owner_id, today),
        uses=entitlements.history(db.session, owner_id, most=12),
        packages=package_use.uses_left(db.session, owner_id, today=today),
        vouchers=voucher_lists.count_usable(db.session, owner_id, today=today),
        bring_points=bonuses.points_for(db.session, BonusKind.REFERRAL, on=today),
        yearly=rules.yearly_of(db.session, owner_id, standing.tier, today=today),
        discounts=rules.discounts_of(db.session, standing.tier),
        dues=sorted(dues, key=lambda due: due.offer.tier.rank > standing.tier.rank),
        trades=[(one, TRADES.get(one)) for one in sorted({one.partner.trade for one in every})],
        trade=trade,
        wanted_tier=tier,
        maps={one.partner_id: map_links.links_to(one.partner) for one in offers},
        compared=rules.comparison(db.session),
    )
