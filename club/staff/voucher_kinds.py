"""Kinds of vouchers at the desk: the list with its counts, a draft's terms, in force, stopped."""

from flask import abort, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import voucher_kinds as rules
from club import voucher_lists as lists
from club.blueprint import bp
from club.models import KindState, Shape, VoucherKind, VoucherRound
from club.staff import reading
from club.views.vouchers import work_words
from club.voucher_kinds import KindWords
from club.voucher_lists import Funnel
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page
from members.models import AT_THE_WORKSHOP

KINDS = "/desk/vouchers/kinds"
ORDER = {KindState.LIVE: 0, KindState.DRAFT: 1, KindState.STOPPED: 2}


@bp.get("/desk/vouchers")
@requires(Permission.VOUCHER_ISSUE)
def voucher_kinds() -> Response:
    kinds = db.session.scalars(select(VoucherKind).order_by(VoucherKind.id.desc())).all()
    return page(
        "club/staff/voucher_kinds.html",
        kinds=sorted(kinds, key=lambda kind: ORDER[kind.state]),
        funnels=lists.funnels(db.session, today=reading.today()),
        nothing=Funnel(),
        work=work_words(),
    )


@bp.get(f"{KINDS}/new")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_new() -> Response:
    return _form_page(None)


@bp.post(f"{KINDS}/new")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_add() -> Response:
    return _keep(None)


@bp.get(f"{KINDS}/<int:kind_id>")
@requires(Permission.VOUCHER_ISSUE)
def voucher_kind(kind_id: int) -> Response:
    return kind_page(load_kind(kind_id))


@bp.get(f"{KINDS}/<int:kind_id>/edit")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_edit(kind_id: int) -> Response:
    return _form_page(load_kind(kind_id))


@bp.post(f"{KINDS}/<int:kind_id>/edit")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_change(kind_id: int) -> Response:
    return _keep(load_kind(kind_id))


@bp.post(f"{KINDS}/<int:kind_id>/publish")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_publish(kind_id: int) -> Response:
    kind = load_kind(kind_id)
    return done_or_shown(
        lambda: rules.publish(
            db.session, kind, today=reading.today(), by=current_user.id, now=clock.now()
        ),
        lambda *no: kind_page(load_kind(kind_id), *no),
        back=f"{KINDS}/{kind_id}",
        said=_("In force. Its terms stay as they are from now on."),
    )


@bp.post(f"{KINDS}/<int:kind_id>/stop")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_stop(kind_id: int) -> Response:
    kind = load_kind(kind_id)
    return done_or_shown(
        lambda: rules.stop(db.session, kind, by=current_user.id, now=clock.now()),
        lambda *no: kind_page(load_kind(kind_id), *no),
        back=f"{KINDS}/{kind_id}",
        said=_("Stopped. Vouchers already given stay good until their day."),
    )


@bp.post(f"{KINDS}/<int:kind_id>/copy")
@requires(Permission.VOUCHER_RULES)
def voucher_kind_copy(kind_id: int) -> Response:
    made = rules.copy(db.session, load_kind(kind_id), by=current_user.id, now=clock.now())
    db.session.commit()
    return redirect(f"{KINDS}/{made.id}/edit", 303)


def load_kind(kind_id: int) -> VoucherKind:
    """A kind of voucher, or 404."""
    return db.session.get(VoucherKind, kind_id) or abort(404)


def kind_page(kind: VoucherKind, status: int = 200, refusal: str | None = None) -> Response:
    """One kind: its terms, what became of its vouchers, the newest of them."""
    found = lists.funnels(db.session, today=reading.today(), kind_ids=[kind.id])
    rounds = select(VoucherRound).where(VoucherRound.kind_id == kind.id)
    return page(
        "club/staff/voucher_kind.html",
        status,
        kind=kind,
        funnel=found.get(kind.id, Funnel()),
        newest=lists.newest_of(db.session, kind),
        rounds=db.session.scalars(rounds.order_by(VoucherRound.id.desc()).limit(10)).all(),
        today=reading.today(),
        work=work_words(),
        any_order=rules.names_no_work(kind),
        refusal=refusal,
    )


def _keep(kind: VoucherKind | None) -> Response:
    kind_id = kind.id if kind else None
    return done_or_shown(
        lambda: rules.keep(db.session, kind, _words(), by=current_user.id, now=clock.now()),
        lambda *no: _form_page(load_kind(kind_id) if kind_id else None, *no),
        back=lambda kept: f"{KINDS}/{kept.id}",
        said=_("Saved."),
    )


def _words() -> KindWords:
    shape = typed("shape", 20)
    return KindWords(
        name_zh=typed("name_zh", 60),
        name_en=typed("name_en", 60),
        about_zh=typed("about_zh", 300),
        about_en=typed("about_en", 300),
        shape=next((one for one in Shape if one.value == shape), Shape.AMOUNT),
        fen=reading.amount("fen") or 0,
        percent=reading.number("percent") or 0,
        most_fen=reading.amount("most_fen"),
        most_units=reading.number("most_units"),
        minimum_fen=reading.amount("minimum_fen") or 0,
        order_kinds=request.form.getlist("order_kinds")[:20],
        uses=1 if (uses := reading.number("uses")) is None else uses,
        from_on=reading.day("from_on"),
        until_on=reading.day("until_on"),
        days=reading.number("days"),
        next_visit="next_visit" in request.form,
        transferable="transferable" in request.form,
        stock=reading.number("stock"),
    )


def _form_page(kind: VoucherKind | None, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "club/staff/voucher_kind_form.html",
        status,
        kind=kind,
        shapes=list(Shape),
        order_kinds=AT_THE_WORKSHOP,
        typed=request.form if status == 422 else None,
        refusal=refusal,
    )
