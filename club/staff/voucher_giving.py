"""Giving a voucher by hand, and what is done with one at the desk besides using it."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import rewards, vouchers
from club.blueprint import bp
from club.models import VoucherKind
from club.staff import reading
from club.staff.voucher_kinds import KINDS, load_kind
from club.staff.voucher_till import load_voucher, voucher_page
from club.views.vouchers import new_request
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from members.finding import members_like
from members.models import Owner


@bp.get(f"{KINDS}/<int:kind_id>/give")
@requires(Permission.VOUCHER_ISSUE)
def voucher_give_page(kind_id: int) -> Response:
    words = request.args.get("q", "").strip()[:80]
    return _give_page(load_kind(kind_id), words)


@bp.post(f"{KINDS}/<int:kind_id>/give")
@requires(Permission.VOUCHER_ISSUE)
def voucher_give(kind_id: int) -> Response:
    kind = load_kind(kind_id)
    owner = db.session.get(Owner, request.form.get("owner_id", 0, type=whole)) or abort(404)
    return done_or_shown(
        lambda: vouchers.give(
            db.session,
            kind,
            owner,
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _give_page(load_kind(kind_id), typed("q", 80), *no),
        back=lambda made: f"/desk/vouchers/{made.id}",
        said=_("Given. The member finds it under their vouchers."),
    )


@bp.post("/desk/vouchers/<int:voucher_id>/revoke")
@requires(Permission.VOUCHER_ISSUE)
def voucher_revoke(voucher_id: int) -> Response:
    voucher = load_voucher(voucher_id)
    bought = voucher.entry_id is not None
    said = {"reason": typed("reason"), "by": current_user.id, "now": clock.now()}

    def take_back() -> object:
        if bought:
            return rewards.give_back(db.session, voucher, today=reading.today(), **said)
        return vouchers.revoke(db.session, voucher, **said)

    return done_or_shown(
        take_back,
        lambda *no: voucher_page(load_voucher(voucher_id), *no),
        back=f"/desk/vouchers/{voucher_id}",
        said=_("Taken back; the points have returned.") if bought else _("Taken back."),
    )


def _give_page(
    kind: VoucherKind, words: str, status: int = 200, refusal: str | None = None
) -> Response:
    return page(
        "club/staff/voucher_give.html",
        status,
        kind=kind,
        words=words,
        found=members_like(db.session, words),
        request_id=new_request(),
        refusal=refusal,
    )
