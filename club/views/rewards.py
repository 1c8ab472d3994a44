"""The catalogue of rewards: what points buy, looked at, confirmed, and in one's hands."""

from flask import abort, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from club import rewards as rules
from club.blueprint import bp
from club.models import KindState, Reward, VoucherKind
from club.standing import standing_of
from club.views.vouchers import new_request, shop_today, work_words
from foundation import clock
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page


@bp.get("/me/rewards")
@members_only
def rewards() -> Response:
    owner_id, today = current_user.owner_id, shop_today()
    return page(
        "club/rewards.html",
        offers=rules.catalogue(db.session, owner_id, today=today),
        standing=standing_of(db.session, owner_id, today=today),
        work=work_words(),
    )


@bp.get("/me/rewards/<int:reward_id>")
@members_only
def reward(reward_id: int) -> Response:
    return _reward_page(_reward(reward_id))


@bp.post("/me/rewards/<int:reward_id>")
@members_only
def reward_buy(reward_id: int) -> Response:
    wanted = _reward(reward_id)
    return done_or_shown(
        lambda: rules.buy(
            db.session,
            wanted,
            current_user.owner_id,
            request_id=typed("request_id", 40),
            today=shop_today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _reward_page(_reward(reward_id), *no),
        back=lambda got: f"/me/vouchers/{got.id}?got={wanted.points}",
    )


def _reward_page(wanted: Reward, status: int = 200, refusal: str | None = None) -> Response:
    owner_id, today = current_user.owner_id, shop_today()
    return page(
        "club/reward.html",
        status,
        offer=rules.offer_for(db.session, wanted, owner_id, today=today),
        standing=standing_of(db.session, owner_id, today=today),
        request_id=request.form.get("request_id") or new_request(),
        refusal=refusal,
        work=work_words(),
    )


def _reward(reward_id: int) -> Reward:
    """A reward that is or was in the catalogue; a draft's does not exist."""
    found = db.session.scalar(
        select(Reward)
        .join(Reward.kind)
        .where(Reward.id == reward_id, VoucherKind.state != KindState.DRAFT)
        .options(joinedload(Reward.kind))
    )
    return found or abort(404)
