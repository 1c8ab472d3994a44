"""What happens on the day at the desk: ballots and the gift exchange, with their screens."""

from collections.abc import Callable

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events.blueprint import bp
from events.forms_gathering import BallotForm, ballot_values
from events.gatherings import ballots, contest, gift_draw, sales
from events.gatherings.refusals import NoDraw
from events.models import Ballot, CheckInStep, Event
from events.staff.loading import planned_event
from events.views.loading import club_settings
from foundation import clock
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.pages import page
from foundation.words import N_


@bp.get("/desk/events/<int:event_id>/gathering")
@requires(Permission.EVENT_CHECK_IN)
def gathering(event_id: int) -> Response:
    event = planned_event(event_id)
    draw = gift_draw.draw_of(db.session, event.id)
    return page(
        "events/staff/gathering/front.html",
        event=event,
        ballots=ballots.ballots_of(db.session, event.id),
        draw=draw,
        gifts=len(gift_draw.givers(db.session, draw)) if draw else 0,
        runs=len(contest.runs_of(db.session, event.id)),
        published=contest.published_at(db.session, event.id),
        items=sales.items_of(db.session, event.id),
        taken_fen=sales.taken_fen(db.session, event.id),
        now=clock.now(),
    )


@bp.get("/desk/events/<int:event_id>/ballots")
@requires(Permission.EVENT_CHECK_IN)
def ballots_list(event_id: int) -> Response:
    event, now = planned_event(event_id), clock.now()
    found = ballots.ballots_of(db.session, event.id)
    return page(
        "events/staff/gathering/ballots.html",
        event=event,
        ballots=found,
        votes={one.id: ballots.votes_in(db.session, one.id) for one in found},
        results={one.id: ballots.result(db.session, one, now=now) for one in found},
        now=now,
    )


@bp.get("/desk/events/<int:event_id>/ballots/new")
@requires(Permission.EVENT_EDIT)
def new_ballot(event_id: int) -> Response:
    event, zone = planned_event(event_id), club_settings().zone
    hours = {"opens_at": event.starts_at, "closes_at": event.ends_at}
    typed = {name: at.astimezone(zone).replace(tzinfo=None) for name, at in hours.items()}
    return _ballot_page(event, None, BallotForm(data=typed))


@bp.post("/desk/events/<int:event_id>/ballots/new")
@requires(Permission.EVENT_EDIT)
def make_ballot(event_id: int) -> Response:
    return _keep_ballot(planned_event(event_id), None)


@bp.get("/desk/events/<int:event_id>/ballots/<int:ballot_id>")
@requires(Permission.EVENT_EDIT)
def edit_ballot(event_id: int, ballot_id: int) -> Response:
    event = planned_event(event_id)
    ballot = ballot_of(event, ballot_id)
    return _ballot_page(event, ballot, _filled(ballot))


@bp.post("/desk/events/<int:event_id>/ballots/<int:ballot_id>")
@requires(Permission.EVENT_EDIT)
def save_ballot(event_id: int, ballot_id: int) -> Response:
    event = planned_event(event_id)
    return _keep_ballot(event, ballot_of(event, ballot_id))


def _keep_ballot(event: Event, ballot: Ballot | None) -> Response:
    form = BallotForm()
    if not form.validate():
        return _ballot_page(event, ballot, form, 422)
    wish = form.wish(club_settings().zone)
    return done_or_shown(
        lambda: ballots.keep(db.session, event, ballot, wish, by=current_user.id, now=clock.now()),
        lambda *no: _ballot_page(event, ballot, form, *no),
        back=url_for("events.ballots_list", event_id=event.id),
        said=_("The ballot is saved."),
    )


@bp.post("/desk/events/<int:event_id>/ballots/<int:ballot_id>/drop")
@requires(Permission.EVENT_EDIT)
def drop_ballot(event_id: int, ballot_id: int) -> Response:
    event = planned_event(event_id)
    ballot = ballot_of(event, ballot_id)
    return done_or_shown(
        lambda: ballots.drop(db.session, ballot, by=current_user.id, now=clock.now()),
        lambda *no: _ballot_page(event, ballot, _filled(ballot), *no),
        back=url_for("events.ballots_list", event_id=event.id),
        said=_("The ballot is gone."),
    )


@bp.get("/desk/events/<int:event_id>/ballots/<int:ballot_id>/screen")
@requires(Permission.EVENT_CHECK_IN)
def ballot_screen(event_id: int, ballot_id: int) -> Response:
    event, now = planned_event(event_id), clock.now()
    ballot = ballot_of(event, ballot_id)
    return page(
        "events/staff/gathering/ballot_screen.html",
        event=event,
        ballot=ballot,
        votes=ballots.votes_in(db.session, ballot.id),
        result=ballots.result(db.session, ballot, now=now),
        now=now,
    )


def ballot_of(event: Event, ballot_id: int) -> Ballot:
    """A ballot of this event."""
    found = db.session.get(Ballot, ballot_id)
    return found if found is not None and found.event_id == event.id else abort(404)


def _filled(ballot: Ballot) -> BallotForm:
    return BallotForm(formdata=None, data=ballot_values(ballot, club_settings().zone))


def _ballot_page(
    event: Event,
    ballot: Ballot | None,
    form: BallotForm,
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    return page(
        "events/staff/gathering/ballot.html",
        status,
        event=event,
        ballot=ballot,
        form=form,
        refusal=refusal,
    )


@bp.get("/desk/events/<int:event_id>/gifts")
@requires(Permission.EVENT_CHECK_IN)
def gifts(event_id: int) -> Response:
    return _gifts_page(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/gifts/prepare")
@requires(Permission.EVENT_CHECK_IN)
def prepare_gifts(event_id: int) -> Response:
    def act(event: Event) -> None:
        step = _typed_step(event)
        gift_draw.prepare(db.session, event, step, by=current_user.id, now=clock.now())

    return _done(event_id, act, _("Gifts are counted at this step from now on."))


@bp.post("/desk/events/<int:event_id>/gifts/draw")
@requires(Permission.EVENT_CHECK_IN)
def draw_gifts(event_id: int) -> Response:
    def act(event: Event) -> None:
        draw = gift_draw.draw_of(db.session, event.id)
        if draw is None:
            raise NoDraw(N_("Please say first at which step gifts are handed in."))
        gift_draw.draw_now(db.session, draw, by=current_user.id, now=clock.now())

    return _done(event_id, act, _("Drawn. Everybody sees on their phone what they drew."))


@bp.get("/desk/events/<int:event_id>/gifts/screen")
@requires(Permission.EVENT_CHECK_IN)
def gifts_screen(event_id: int) -> Response:
    event = planned_event(event_id)
    draw = gift_draw.draw_of(db.session, event.id) or abort(404)
    return page(
        "events/staff/gathering/gifts_screen.html",
        event=event,
        draw=draw,
        givers=gift_draw.givers(db.session, draw) if draw.drawn_at is None else (),
        now=clock.now(),
    )


def _typed_step(event: Event) -> CheckInStep | None:
    """The step that was chosen; None is the door itself."""
    typed = request.form.get("step", "")
    return next((one for one in event.steps if str(one.id) == typed), None)


def _done(event_id: int, act: Callable[[Event], None], words: str) -> Response:
    return done_or_shown(
        lambda: act(planned_event(event_id)),
        lambda *no: _gifts_page(planned_event(event_id), *no),
        back=url_for("events.gifts", event_id=event_id),
        said=words,
    )


def _gifts_page(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    draw = gift_draw.draw_of(db.session, event.id)
    return page(
        "events/staff/gathering/gifts.html",
        status,
        event=event,
        draw=draw,
        givers=gift_draw.givers(db.session, draw) if draw and draw.drawn_at is None else (),
        refusal=refusal,
    )
