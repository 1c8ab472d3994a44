"""Leaving the club, by oneself: what it means, the wish, and staying after all."""

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers.response import Response

from club import ledger
from club.models import Voucher, VoucherState
from events.models import ACTIVE, Event, Registration
from foundation import clock, tunables
from foundation.web.access import signed_in
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import say
from foundation.web.pages import page
from foundation.words import N_
from members.models import Owner
from portal import leaving
from portal.blueprint import bp


@bp.get("/me/account/leave")
@signed_in
def leave() -> Response:
    return _page(own_archive())


@bp.post("/me/account/leave")
@signed_in
def leave_post() -> Response:
    owner = own_archive()

    def ask() -> None:
        if request.form.get("sure") != "1":
            raise leaving.CannotLeave(N_("Please say that you have read what goes."))
        leaving.ask(db.session, owner, by=current_user.id, now=clock.now())

    return done_or_shown(
        ask,
        lambda *no: _page(own_archive(), *no),
        back="/me/account/leave",
        said=_("Noted. Until the day you can take it back here."),
    )


@bp.post("/me/account/leave/stay")
@signed_in
def stay_post() -> Response:
    leaving.withdraw(db.session, own_archive(), by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("You stay. Nothing was touched."))
    return redirect("/me/account", 303)


def own_archive() -> Owner:
    """The reader's archive; who only works here has none."""
    found = db.session.get(Owner, current_user.owner_id or 0)
    return found or abort(404)


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    session, now = db.session, clock.now()
    hindrance = leaving.hindrance(session, owner)
    coming = (
        select(func.count(Registration.id))
        .join(Event)
        .where(
            Registration.owner_id == owner.id,
            Registration.state.in_(ACTIVE),
            Event.ends_at > now,
        )
    )
    held = select(func.count(Voucher.id)).where(
        Voucher.owner_id == owner.id, Voucher.state == VoucherState.ACTIVE
    )
    return page(
        "portal/leave.html",
        status,
        wish=leaving.wish_of(session, owner.id),
        hindrance=say(hindrance) if hindrance else None,
        days=tunables.value(session, leaving.DAYS),
        points=ledger.balance(session, owner.id),
        vouchers=session.scalar(held),
        coming=session.scalar(coming),
        refusal=refusal,
    )
