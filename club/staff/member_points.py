"""A member's points at the desk: every movement, adjusting, giving spent points back."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import adjusting, giving_back, pending, quote_use, statement
from club.adjustment_lists import waiting_for
from club.blueprint import bp
from club.lots import endings_of
from club.models import LedgerEntry, PointsAdjustment
from club.staff import reading
from club.staff.loading import load_owner
from club.standing import standing_of
from club.views.lots import workbook_of
from club.views.vouchers import new_request
from foundation import clock, tunables
from foundation.roles import Permission
from foundation.web.access import may, requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.logged import logs_reading
from foundation.web.pages import page
from foundation.words import N_
from members.models import Owner

HERE = "/desk/members/<int:owner_id>/points"


@bp.get(HERE)
@requires(Permission.MEMBER_VIEW)
@logs_reading("owner", "owner_id")
def member_points(owner_id: int) -> Response:
    return _page(load_owner(owner_id))


@bp.get("/desk/members/<int:owner_id>/points.xlsx")
@requires(Permission.MEMBER_EXPORT)
@logs_reading("owner", "owner_id")
def member_statement(owner_id: int) -> Response:
    return workbook_of(load_owner(owner_id).id, reading.today())


@bp.post(HERE)
@requires(Permission.POINTS_ADJUST)
def member_points_adjust(owner_id: int) -> Response:
    owner = load_owner(owner_id)
    return done_or_shown(
        lambda: adjusting.ask(
            db.session,
            owner_id,
            _points(),
            request_id=typed("request_id", 40) or new_request(),
            reason=typed("reason", adjusting.LONGEST),
            on=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(owner, *no),
        back=f"/desk/members/{owner_id}/points",
        said=lambda made: (
            _("A second person confirms this; until then nothing moves.")
            if isinstance(made, PointsAdjustment)
            else _("Adjusted. The member sees it at once.")
        ),
    )


@bp.post(f"{HERE}/<int:entry_id>/undo")
@requires(Permission.POINTS_ADJUST)
def member_points_undo(owner_id: int, entry_id: int) -> Response:
    owner, entry = load_owner(owner_id), db.session.get(LedgerEntry, entry_id)
    if entry is None or entry.owner_id != owner_id:
        abort(404)
    return done_or_shown(
        lambda: giving_back.undo_spending(
            db.session,
            entry,
            reason=typed("reason", adjusting.LONGEST),
            on=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(owner, *no),
        back=f"/desk/members/{owner_id}/points",
        said=_("Given back: the points are where they came from."),
    )


def _points() -> int:
    number = reading.number("points")
    if number is None:
        raise adjusting.NothingToAdjust(N_("Please enter at least one point, to add or to take."))
    return -number if typed("way", 4) == "take" else number


def _page(owner: Owner, status: int = 200, refusal: str | None = None) -> Response:
    today, session = reading.today(), db.session
    before = request.args.get("before", type=whole)
    return page(
        "club/staff/member_points.html",
        status,
        owner=owner,
        standing=standing_of(session, owner.id, today=today),
        statement=statement.statement_of(session, owner.id, before=before),
        later_page=before is not None,
        waiting=pending.waiting_of(session, owner.id, today=today),
        endings=endings_of(session, owner.id),
        wishes=waiting_for(session, owner.id),
        limit=tunables.value(session, adjusting.SECOND_PERSON_FROM),
        own=current_user.owner_id == owner.id,
        may_adjust=may(Permission.POINTS_ADJUST),
        may_export=may(Permission.MEMBER_EXPORT),
        request_id=new_request(),
        typed=request.form,
        words=statement,
        quote_cause=quote_use.CAUSE,
        refusal=refusal,
    )
