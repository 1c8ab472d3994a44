"""Somebody says at the counter that they want to be erased, or that they stay after all."""

from flask import abort, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock, tunables
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.language import say
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from foundation.words import N_
from members.models import Owner
from portal import leaving
from portal.blueprint import bp

HERE = "/desk/members/<int:owner_id>/leave"


@bp.get(HERE)
@requires(Permission.MEMBER_MERGE)
@logs_reading("owner", "owner_id")
def member_leaves(owner_id: int) -> Response:
    return _page(_owner(owner_id))


@bp.post(HERE)
@requires(Permission.MEMBER_MERGE)
def member_leaves_post(owner_id: int) -> Response:
    owner = _owner(owner_id)

    def ask() -> None:
        if request.form.get("sure") != "1":
            raise leaving.CannotLeave(N_("Please say that they asked for it themselves."))
        leaving.ask(db.session, owner, by=current_user.id, now=clock.now())

    return done_or_shown(
        ask,
        lambda *no: _page(_owner(owner_id), *no),
        back=f"/desk/members/{owner_id}/leave",
        said=_("Noted. They are told, and can take it back until the day."),
    )


@bp.post(f"{HERE}/stay")
@requires(Permission.MEMBER_MERGE)
def member_stays_post(owner_id: int) -> Response:
    leaving.withdraw(db.session, _owner(owner_id), by=current_user.id, now=clock.now())
    db.session.commit()
    flash(_("They stay. Nothing was touched."))
    return redirect(f"/desk/members/{owner_id}", 303)


def _owner(owner_id: int) -> Owner:
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.is_gone:
        abort(404)
    return owner


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    hindrance = leaving.hindrance(db.session, owner)
    return page(
        "portal/staff/leave.html",
        status,
        owner=owner,
        wish=leaving.wish_of(db.session, owner.id),
        hindrance=say(hindrance) if hindrance else None,
        days=tunables.value(db.session, leaving.DAYS),
        refusal=refusal,
    )
