"""The member's vouchers: which can be used, one with its code, passing one on."""

import secrets
from datetime import date

from flask import abort, current_app, make_response
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from club import voucher_codes, voucher_passing, vouchers
from club import voucher_lists as lists
from club.blueprint import bp
from club.models import Voucher
from foundation import clock, qr
from foundation.clock import shop_day
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.limits import wrong_codes
from foundation.web.logged import commits_once
from foundation.web.pages import page
from members.models import OrderKind


@bp.get("/me/vouchers")
@members_only
def my_vouchers() -> Response:
    today = shop_today()
    held = lists.held_by(db.session, current_user.owner_id, today=today)
    return page("club/vouchers.html", held=held, today=today, work=work_words())


@bp.get("/me/vouchers/<int:voucher_id>")
@members_only
def my_voucher(voucher_id: int) -> Response:
    mine = _own(voucher_id)
    shown = _voucher_page(mine)
    if mine.seen_at is None:
        _note_first_look(voucher_id)
    return shown


@bp.get("/me/vouchers/<int:voucher_id>/code.png")
@members_only
def my_voucher_picture(voucher_id: int) -> Response:
    mine = _own(voucher_id)
    if not mine.left:
        abort(404)
    keys = current_app.extensions["club_settings"].link_keys
    answer = make_response(qr.qr_png(voucher_codes.qr_text(mine, keys)))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/me/vouchers/<int:voucher_id>/pass-on")
@members_only
@wrong_codes
def voucher_pass_on(voucher_id: int) -> Response:
    mine, number = _own(voucher_id), typed("number", 20)
    return done_or_shown(
        lambda: voucher_passing.pass_on(
            db.session, mine, number, today=shop_today(), by=current_user.id, now=clock.now()
        ),
        lambda status, no: _voucher_page(_own(voucher_id), status, no, number),
        back="/me/vouchers",
        said=_("Passed on. It stands in the other member’s vouchers now."),
    )


def shop_today() -> date:
    """The shop's day."""
    return shop_day(clock.now(), current_app.extensions["club_settings"].zone)


def work_words() -> dict[str, str]:
    """The kinds of work by their values."""
    return {kind.value: kind.label for kind in OrderKind}


def new_request() -> str:
    """What makes a form sent twice one act."""
    return secrets.token_urlsafe(12)


def _voucher_page(
    mine: Voucher, status: int = 200, refusal: str | None = None, number: str = ""
) -> Response:
    return page(
        "club/voucher.html",
        status,
        voucher=mine,
        today=shop_today(),
        work=work_words(),
        refusal=refusal,
        number=number,
    )


@commits_once
def _note_first_look(voucher_id: int) -> None:
    vouchers.mark_seen(db.session, _own(voucher_id), now=clock.now())


def _own(voucher_id: int) -> Voucher:
    """The reader's voucher; what is another's does not exist (R60)."""
    found = db.session.scalar(
        select(Voucher)
        .where(Voucher.id == voucher_id, Voucher.owner_id == current_user.owner_id)
        .options(joinedload(Voucher.kind))
        .execution_options(populate_existing=True)
    )
    return found or abort(404)
