"""Who helped at an event, and the points that say thank you."""

from flask import abort, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from club import adjusting
from club.models import PointsAdjustment
from club.staff import reading
from club.views.vouchers import new_request
from events import thanking
from events.blueprint import bp
from events.models import Event
from events.staff.loading import planned_event
from foundation import clock, tunables
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.pages import page
from members.finding import members_like
from members.models import Owner

HERE = "/desk/events/<int:event_id>/helpers"


@bp.get(HERE)
@requires(Permission.POINTS_ADJUST)
def thanks(event_id: int) -> Response:
    return _page(planned_event(event_id))


@bp.post(HERE)
@requires(Permission.POINTS_ADJUST)
def thank_helper(event_id: int) -> Response:
    event = planned_event(event_id)
    owner = _owner(request.form.get("owner", type=whole)) or abort(404)
    return done_or_shown(
        lambda: thanking.thank(
            db.session,
            event,
            owner,
            reading.number("points") or 0,
            typed("reason", thanking.LONGEST),
            request_id=typed("request_id", 40) or new_request(),
            on=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(planned_event(event_id), *no),
        back=f"/desk/events/{event_id}/helpers",
        said=lambda made: (
            _("A second person confirms this; until then nothing moves.")
            if isinstance(made, PointsAdjustment)
            else _("%(name)s has the points, with the event as the reason.", name=owner.name)
        ),
    )


@bp.post(f"{HERE}/<int:entry_id>/take-back")
@requires(Permission.POINTS_ADJUST)
def take_thanks_back(event_id: int, entry_id: int) -> Response:
    event = planned_event(event_id)
    entry = thanking.entry_of(db.session, event, entry_id)
    if entry is None:
        abort(404)
    return done_or_shown(
        lambda: thanking.take_back(
            db.session,
            event,
            entry,
            reason=typed("reason", adjusting.LONGEST),
            on=reading.today(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _page(planned_event(event_id), *no),
        back=f"/desk/events/{event_id}/helpers",
        said=_("Taken back. They can be thanked anew."),
    )


def _page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    words = request.args.get("q", "").strip()[:80]
    chosen = request.form.get("owner", type=whole) or request.args.get("owner", type=whole)
    thanks = thanking.thanks_of(db.session, event)
    done = {one.owner.id for one in thanks}
    return page(
        "events/staff/helpers.html",
        status,
        event=event,
        begun=event.starts_at <= clock.now(),
        thanks=thanks,
        leaders=[
            (owner, role)
            for owner, role in thanking.leaders_of(db.session, event)
            if owner.id not in done
        ],
        words=words,
        found=members_like(db.session, words),
        chosen=_owner(chosen),
        usual=tunables.value(db.session, thanking.USUAL),
        limit=tunables.value(db.session, adjusting.SECOND_PERSON_FROM),
        longest=thanking.LONGEST,
        own_id=current_user.owner_id,
        request_id=new_request(),
        typed=request.form,
        suggested=request.args.get("reason", "")[: thanking.LONGEST],
        refusal=refusal,
    )


def _owner(owner_id: int | None) -> Owner | None:
    owner = db.session.get(Owner, owner_id) if owner_id else None
    return owner if owner is not None and not owner.is_gone else None
