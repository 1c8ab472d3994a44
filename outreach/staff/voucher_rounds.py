"""Giving a kind of voucher to a group: choose it, see how many and who, confirm."""

import secrets
from datetime import date

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club.models import VoucherKind
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from outreach import saved_choices, voucher_rounds
from outreach.blueprint import bp
from outreach.models import Segment
from outreach.staff.choice import audience


@bp.get("/desk/vouchers/kinds/<int:kind_id>/round")
@requires(Permission.VOUCHER_ISSUE)
def voucher_round_page(kind_id: int) -> Response:
    return _page(_kind(kind_id), request.args.get("segment", type=whole))


@bp.post("/desk/vouchers/kinds/<int:kind_id>/round")
@requires(Permission.VOUCHER_ISSUE)
def voucher_round_begin(kind_id: int) -> Response:
    kind, segment_id = _kind(kind_id), request.form.get("segment", 0, type=whole)
    segment = _segment(segment_id)
    return done_or_shown(
        lambda: voucher_rounds.begin(
            db.session,
            kind,
            segment,
            segment.name if segment else _("All members"),
            confirmed=request.form.get("count", -1, type=whole),
            request_id=typed("request_id", 40) or secrets.token_urlsafe(12),
            today=_today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(_kind(kind_id), segment_id, *no),
        back=f"/desk/vouchers/kinds/{kind_id}",
        said=_("On its way: the vouchers are given within the next minutes."),
    )


def _page(
    kind: VoucherKind, segment_id: int | None, status: int = 200, refusal: str | None = None
) -> Response:
    chosen = segment_id is not None
    segment = _segment(segment_id or 0)
    seen = audience(voucher_rounds.rule_of(segment)) if chosen else {}
    return page(
        "outreach/staff/voucher_round.html",
        status,
        kind=kind,
        segments=saved_choices.everything(db.session),
        segment=segment,
        chosen=chosen,
        request_id=secrets.token_urlsafe(12),
        refusal=refusal,
        **seen,
    )


def _kind(kind_id: int) -> VoucherKind:
    return db.session.get(VoucherKind, kind_id) or abort(404)


def _segment(segment_id: int) -> Segment | None:
    """A saved choice; 0 is every member."""
    if not segment_id:
        return None
    return db.session.get(Segment, segment_id) or abort(404)


def _today() -> date:
    return clock.shop_day(clock.now(), current_app.extensions["club_settings"].zone)
