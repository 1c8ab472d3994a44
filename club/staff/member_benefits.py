"""A member's entitlements at the desk: what is left, noting a use, taking one back; vouchers."""

from datetime import timedelta

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from club import entitlements
from club import voucher_lists as lists
from club.benefits import discounts_of, yearly_of
from club.blueprint import bp
from club.models import Benefit, BenefitUse
from club.staff import reading
from club.staff.loading import load_owner
from club.standing import standing_of
from club.views.vouchers import new_request, work_words
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from members.models import Account, Owner

HERE = "/desk/members/<int:owner_id>/benefits"


@bp.get(HERE)
@requires(Permission.BENEFIT_USE)
@logs_reading("owner", "owner_id")
def member_benefits(owner_id: int) -> Response:
    return _page(load_owner(owner_id))


@bp.post(f"{HERE}/<int:benefit_id>/use")
@requires(Permission.BENEFIT_USE)
def member_benefit_use(owner_id: int, benefit_id: int) -> Response:
    owner = load_owner(owner_id)
    benefit = db.session.get(Benefit, benefit_id) or abort(404)
    return done_or_shown(
        lambda: entitlements.use(
            db.session,
            owner_id,
            benefit,
            request_id=typed("request_id", 40) or new_request(),
            note=typed("note"),
            today=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(owner, *no),
        back=f"/desk/members/{owner_id}/benefits",
        said=_("Noted. The member sees what is left at once."),
    )


@bp.post(f"{HERE}/uses/<int:use_id>/undo")
@requires(Permission.BENEFIT_USE)
def member_benefit_undo(owner_id: int, use_id: int) -> Response:
    owner, use = load_owner(owner_id), db.session.get(BenefitUse, use_id)
    if use is None or use.owner_id != owner_id:
        abort(404)
    return done_or_shown(
        lambda: entitlements.undo(
            db.session, use, reason=typed("reason"), by=current_user.id, now=clock.now()
        ),
        lambda *no: _page(owner, *no),
        back=f"/desk/members/{owner_id}/benefits",
        said=_("Taken back. It counts as unused again."),
    )


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    today, session = reading.today(), db.session
    standing = standing_of(session, owner.id, today=today)
    uses = entitlements.history(session, owner.id)
    year = entitlements.member_year(session, owner.id, today)
    names = select(Account.id, Account.name).where(Account.id.in_([one.account_id for one in uses]))
    return page(
        "club/staff/member_benefits.html",
        status,
        owner=owner,
        standing=standing,
        year=year,
        last_day=year[1] - timedelta(days=1) if year else None,
        yearly=yearly_of(session, owner.id, standing.tier, today=today),
        discounts=discounts_of(session, standing.tier),
        uses=uses,
        names=dict(session.execute(names).all()),
        held=lists.held_by(session, owner.id, today=today),
        request_id=new_request(),
        today=today,
        work=work_words(),
        refusal=refusal,
    )
