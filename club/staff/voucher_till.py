"""Redeeming at the desk: a code, the voucher behind it, one use, and taking that back."""

from flask import abort, current_app, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers.response import Response

from club import voucher_codes, voucher_prices, voucher_return, voucher_use
from club import voucher_lists as lists
from club.blueprint import bp
from club.models import Voucher, VoucherUse
from club.staff import order_typed, reading
from club.views.vouchers import new_request, work_words
from club.voucher_kinds import terms_of
from club.voucher_prices import Line
from club.voucher_use import OrderDraft
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.limits import wrong_codes
from foundation.web.pages import page, refused
from members.models import AT_THE_WORKSHOP, Account, OrderKind
from members.order_systems import order_systems


@bp.get("/desk/vouchers/redeem")
@requires(Permission.VOUCHER_REDEEM)
def voucher_till() -> Response:
    return _till_page()


@bp.post("/desk/vouchers/redeem")
@requires(Permission.VOUCHER_REDEEM)
@wrong_codes
def voucher_look_up() -> Response:
    keys = current_app.extensions["club_settings"].link_keys
    found = voucher_codes.find(db.session, typed("code", 300), keys)
    if found is None:
        return _till_page(422, _("No voucher has this code. Please compare it sign by sign."))
    return redirect(f"/desk/vouchers/{found.id}", 303)


@bp.get("/desk/vouchers/<int:voucher_id>")
@requires(Permission.VOUCHER_REDEEM)
def voucher_at_desk(voucher_id: int) -> Response:
    return voucher_page(load_voucher(voucher_id))


@bp.post("/desk/vouchers/<int:voucher_id>/redeem")
@requires(Permission.VOUCHER_REDEEM)
def voucher_redeem(voucher_id: int) -> Response:
    voucher = load_voucher(voucher_id)
    return done_or_shown(
        lambda: voucher_use.redeem(
            db.session,
            voucher,
            _draft(),
            request_id=typed("request_id", 40) or new_request(),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: voucher_page(load_voucher(voucher_id), *no),
        back=f"/desk/vouchers/{voucher_id}",
        said=_("Redeemed. Please note it on the bill."),
    )


@bp.post("/desk/vouchers/<int:voucher_id>/uses/<int:use_id>/undo")
@requires(Permission.VOUCHER_REDEEM)
def voucher_undo(voucher_id: int, use_id: int) -> Response:
    use = db.session.get(VoucherUse, use_id)
    if use is None or use.voucher_id != voucher_id:
        abort(404)
    return done_or_shown(
        lambda: voucher_return.undo_redeem(
            db.session,
            use,
            reason=typed("reason"),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: voucher_page(load_voucher(voucher_id), *no),
        back=f"/desk/vouchers/{voucher_id}",
        said=_("Taken back. The voucher can be used again."),
    )


def load_voucher(voucher_id: int) -> Voucher:
    """Any voucher, with its kind, holder and uses."""
    found = db.session.scalar(
        select(Voucher)
        .where(Voucher.id == voucher_id)
        .options(
            joinedload(Voucher.kind),
            joinedload(Voucher.owner),
            selectinload(Voucher.redemptions),
        )
        .execution_options(populate_existing=True)
    )
    return found or abort(404)


def voucher_page(voucher: Voucher, status: int = 200, refusal: str | None = None) -> Response:
    """One voucher at the desk: its state, the form to use it, its uses."""
    no = voucher_use.why_not(db.session, voucher, OrderDraft(), today=reading.today())
    ids = {use.account_id for use in voucher.redemptions} | {voucher.account_id}
    names = select(Account.id, Account.name).where(Account.id.in_([one for one in ids if one]))
    return page(
        "club/staff/voucher.html",
        status,
        voucher=voucher,
        no=refused(no) if no else None,
        needs_bill=voucher_prices.needs_bill(terms_of(voucher.kind)),
        names=dict(db.session.execute(names).all()),
        typed=request.form if status == 422 else {},
        request_id=_request_again(),
        order_kinds=AT_THE_WORKSHOP,
        systems=order_systems(db.session),
        may_revoke=may(Permission.VOUCHER_ISSUE) and voucher.left > 0,
        today=reading.today(),
        work=work_words(),
        refusal=refusal,
    )


def _request_again() -> str:
    """The request that was sent, so that sending it again is the same; never one of a quote."""
    sent = request.form.get("request_id", "")
    return new_request() if not sent or sent.startswith(voucher_use.QUOTE) else sent


def _draft() -> OrderDraft:
    """The order as typed: what it comes to and its kind of work, where they were given."""
    fen, kind = reading.amount("fen"), typed("kind", 30)
    known = next((one for one in OrderKind if one.value == kind), None)
    quantity = reading.number("quantity")
    lines = () if fen is None else (Line(fen, known, quantity or 1),)
    return OrderDraft(lines, order_typed.number(), order_typed.system())


def _till_page(status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/voucher_till.html",
        status,
        uses=lists.newest_uses(db.session),
        code=typed("code", 300) if status == 422 else "",
        refusal=refusal,
    )
