"""Two archives of one person at the desk: found, compared, tried out, merged, parted again."""

from datetime import date

from flask import abort, current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.logged import logs_reading
from foundation.web.pages import page, refused
from members.models import Owner
from portal import merging
from portal.blueprint import bp
from portal.merge_compare import Side, candidates, side_of
from portal.models import OwnerMerge
from portal.staff.archive import archive_page

MERGE = Permission.MEMBER_MERGE


@bp.get("/desk/members/<int:owner_id>/merge")
@requires(MERGE)
@logs_reading("owner", "owner_id")
def merge_search(owner_id: int) -> Response:
    owner, words = _owner(owner_id), request.args.get("q", "")[:80]
    found = candidates(db.session, owner, words)
    return page("portal/staff/merge_search.html", owner=owner, words=words, found=found)


@bp.get("/desk/members/<int:owner_id>/merge/<int:other_id>")
@requires(MERGE)
@logs_reading("owner", "other_id")
def merge_compare(owner_id: int, other_id: int) -> Response:
    return _page(owner_id, other_id)


@bp.post("/desk/members/<int:owner_id>/merge/<int:other_id>/preview")
@requires(MERGE)
def merge_preview_post(owner_id: int, other_id: int) -> Response:
    """Merge them, look at what came out, and let nothing of it be."""
    try:
        kept = _merge(owner_id, other_id).kept_id
        result = side_of(db.session, db.session.get_one(Owner, kept), today=_today())
    except Refusal as no:
        db.session.rollback()
        return _page(owner_id, other_id, 422, refused(no))
    db.session.rollback()
    return _page(owner_id, other_id, result=result)


@bp.post("/desk/members/<int:owner_id>/merge/<int:other_id>")
@requires(MERGE)
def merge_post(owner_id: int, other_id: int) -> Response:
    return done_or_shown(
        lambda: _merge(owner_id, other_id).kept_id,
        lambda *no: _page(owner_id, other_id, *no),
        back=lambda kept_id: f"/desk/members/{kept_id}",
        said=_(
            "Merged. Both archives are one now; you can undo it below while nothing new happens."
        ),
    )


@bp.post("/desk/merges/<int:merge_id>/undo")
@requires(MERGE)
def merge_undo_post(merge_id: int) -> Response:
    made = db.session.get(OwnerMerge, merge_id) or abort(404)
    return done_or_shown(
        lambda: merging.undo(db.session, made, by=current_user.id, now=clock.now()),
        lambda *no: archive_page(_owner(made.kept_id), *no),
        back=f"/desk/members/{made.kept_id}",
        said=_("Undone. Both archives are as they were before."),
    )


def _merge(owner_id: int, other_id: int) -> OwnerMerge:
    """Merge the two as the form says; not committed."""
    one, other = _owner(owner_id), _owner(other_id)
    kept, gone = (other, one) if request.form.get("stays") == str(other_id) else (one, other)
    return merging.merge(
        db.session,
        kept,
        gone,
        reason=request.form.get("reason", ""),
        hash_key=current_app.extensions["club_settings"].hash_key,
        by=current_user.id,
        now=clock.now(),
    )


def _page(
    owner_id: int,
    other_id: int,
    status: int = 200,
    refusal: str | None = None,
    result: Side | None = None,
) -> Response:
    owner, other, today = _owner(owner_id), _owner(other_id), _today()
    sides = [side_of(db.session, one, today=today) for one in (owner, other)]
    stays = request.form.get("stays", type=int)
    return page(
        "portal/staff/merge_compare.html",
        status,
        owner=owner,
        other=other,
        sides=sides,
        result=result,
        stays=stays if stays in (owner_id, other_id) else _better(sides),
        reason=request.form.get("reason", ""),
        clashes=merging.both_signed_up(db.session, owner_id, other_id),
        refusal=refusal,
        full_phones=may(Permission.MEMBER_CONTACTS),
    )


def _better(sides: list[Side]) -> int:
    """Which one to propose: who signs in, then who is a member, then who has more visits."""
    first, second = ((one.signs_in, one.card is not None, one.orders) for one in sides)
    return sides[0].owner_id if first >= second else sides[1].owner_id


def _owner(owner_id: int) -> Owner:
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.is_gone:
        abort(404)
    return owner


def _today() -> date:
    return clock.shop_day(clock.now(), current_app.extensions["club_settings"].zone)
