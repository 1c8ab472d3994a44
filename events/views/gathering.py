"""The member's page of the day: vote, what was drawn, the ranking."""

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.gatherings import ballots, contest, gift_draw, present
from events.models import Ballot, EventState, GiftPair, Registration, RegistrationState
from events.views.loading import own_registration
from foundation import clock
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import whole
from foundation.web.pages import page


@bp.get("/me/registrations/<int:registration_id>/gathering")
@members_only
def my_gathering(registration_id: int) -> Response:
    return _gathering_page(_with_a_place(registration_id))


@bp.post("/me/registrations/<int:registration_id>/ballots/<int:ballot_id>")
@members_only
def vote(registration_id: int, ballot_id: int) -> Response:
    mine = _with_a_place(registration_id)
    ballot = db.session.get(Ballot, ballot_id)
    if ballot is None or ballot.event_id != mine.event_id:
        abort(404)
    option = request.form.get("option", 0, type=whole)
    return done_or_shown(
        lambda: ballots.vote(db.session, ballot, mine, option, by=current_user.id, now=clock.now()),
        lambda *no: _gathering_page(_with_a_place(registration_id), *no),
        back=url_for(
            "events.my_gathering", registration_id=registration_id, _anchor=f"ballot-{ballot_id}"
        ),
        said=_("Your vote counts. You can change it until the ballot closes."),
    )


def _with_a_place(registration_id: int) -> Registration:
    """The reader's own, while it gives them a place."""
    mine = own_registration(registration_id)
    if mine.state != RegistrationState.CONFIRMED or mine.event.state != EventState.PUBLISHED:
        abort(404)
    return mine


def _gathering_page(mine: Registration, status: int = 200, refusal: str | None = None) -> Response:
    now, event = clock.now(), mine.event
    found = [one for one in ballots.ballots_of(db.session, event.id) if one.opens_at <= now]
    draw = gift_draw.draw_of(db.session, event.id)
    published = contest.published_at(db.session, event.id)
    return page(
        "events/gathering.html",
        status,
        registration=mine,
        event=event,
        here=present.is_here(db.session, mine),
        ballots=found,
        chosen=ballots.choice_of(db.session, mine),
        results={one.id: ballots.result(db.session, one, now=now) for one in found},
        draw=draw,
        drew=_pair(draw.pairs if draw else [], mine, "receiver_id"),
        brought=_pair(draw.pairs if draw else [], mine, "giver_id"),
        ranking=contest.ranking(contest.runs_of(db.session, event.id)) if published else {},
        refusal=refusal,
        now=now,
    )


def _pair(pairs: list[GiftPair], mine: Registration, side: str) -> GiftPair | None:
    return next((one for one in pairs if getattr(one, side) == mine.id), None)
