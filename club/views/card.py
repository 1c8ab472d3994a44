"""The member card on the phone: tier, number, validity, and a picture that changes by itself."""

from datetime import datetime

from flask import current_app, make_response, request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import member_card
from club.blueprint import bp
from club.models import CardCode
from club.standing import standing_of
from club.views.vouchers import shop_today
from foundation import clock, qr
from foundation.shop import in_language, the_shop
from foundation.web import first_screen
from foundation.web.access import members_only, open_to_all
from foundation.web.database import db
from foundation.web.language import reader_language
from foundation.web.logged import commits_once
from foundation.web.pages import page

PIXELS = 10


@bp.get("/me/card")
@members_only
def card() -> Response:
    code = _code()
    owner = current_user.owner
    return page(
        "club/card.html",
        owner=owner,
        membership=owner.membership,
        standing=standing_of(db.session, owner.id, today=shop_today()),
        code=code.code,
        step=member_card.step_of(clock.now()),
        in_wechat="MicroMessenger" in request.headers.get("User-Agent", ""),
    )


@bp.get("/me/card/code.png")
@members_only
def card_picture() -> Response:
    keys = current_app.extensions["club_settings"].link_keys
    said = member_card.qr_text(current_user.owner_id, keys, now=clock.now())
    answer = make_response(qr.qr_png(said, scale=PIXELS))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/card.webmanifest")
@open_to_all
def card_manifest() -> Response:
    """What a phone needs to put the card on its first screen; it names the club and nobody."""
    name = in_language(the_shop(db.session), "club_name", reader_language())
    return first_screen.manifest(
        name=name, short_name=name[:12], start="/me/card", scope="/", drawing="card"
    )


def _code() -> CardCode:
    """The card's short code; a new one when there is none."""
    now = clock.now()
    held = member_card.short_code(db.session, current_user.owner_id, now=now)
    return _renewed(now) if held is None else held


@commits_once
def _renewed(now: datetime) -> CardCode:
    return member_card.renew_code(db.session, current_user.owner_id, now=now)
