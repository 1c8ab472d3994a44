"""What staff do for one member: sign up, cancel, a new ticket, and who comes next in the queue."""

from collections.abc import Callable

from flask import abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import booking, conditions, fees, places, tickets, waitlist
from events.blueprint import bp
from events.forms import RegistrationForm, registration_form, with_spare_rows
from events.models import Event, Registration, RegistrationState
from events.refusals import PlanRefused
from events.staff.loading import planned_event, registration_of
from events.staff.roster import roster
from events.views.loading import cars_of, ticket_keys
from events.views.sign_up import chosen
from foundation import clock
from foundation.amounts import parse_fen
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed, whole
from foundation.web.language import reader_language
from foundation.web.pages import page
from foundation.words import N_
from members.finding import members_like
from members.models import Owner


@bp.get("/desk/events/<int:event_id>/registrations/new")
@requires(Permission.EVENT_CHECK_IN)
def find_member(event_id: int) -> Response:
    event = planned_event(event_id)
    owner_id = request.args.get("owner", type=whole)
    if owner_id is not None:
        owner = _member(owner_id)
        form = registration_form(
            event, cars_of(owner.id), reader_language(), licence_until=owner.licence_until
        )
        return _sign_up_page(event, owner, form)
    words = request.args.get("q", "").strip()[:80]
    found = members_like(db.session, words)
    return page(
        "events/staff/find_member.html",
        event=event,
        words=words,
        found=found,
        from_door=_from_door(),
    )


@bp.post("/desk/events/<int:event_id>/registrations/new")
@requires(Permission.EVENT_CHECK_IN)
def sign_member_up(event_id: int) -> Response:
    event = planned_event(event_id)
    owner_id = request.args.get("owner", 0, type=whole)
    owner = _member(owner_id)
    cars = cars_of(owner.id)
    form = registration_form(event, cars, reader_language())
    if not form.validate():
        return _sign_up_page(event, owner, form, 422)
    return done_or_shown(
        lambda: booking.register(
            db.session,
            event,
            owner,
            **chosen(event, form, cars),
            source="desk",
            as_staff=True,
            keys=ticket_keys(),
            by=current_user.id,
            now=clock.now(),
        ),
        lambda *no: _sign_up_page(planned_event(event_id), _member(owner_id), form, *no),
        back=url_for("events.door", event_id=event_id, q=owner.name)
        if _from_door()
        else _roster_address(event_id),
        said=lambda made: (
            _("%(name)s has a place.", name=owner.name)
            if made.state == RegistrationState.CONFIRMED
            else _("%(name)s is in the queue.", name=owner.name)
        ),
    )


def _from_door() -> bool:
    """Whether somebody stands at the door and waits."""
    return "door" in request.args


def _member(owner_id: int) -> Owner:
    owner = db.session.get(Owner, owner_id)
    return owner if owner is not None and owner.membership is not None else abort(404)


def _sign_up_page(
    event: Event,
    owner: Owner,
    form: RegistrationForm,
    status: int = 200,
    refusal: str | None = None,
) -> Response:
    quotas = db.session.scalars(places.quotas_query([event.id])).all()
    return page(
        "events/staff/sign_up.html",
        status,
        event=event,
        owner=owner,
        form=with_spare_rows(form, event),
        from_door=_from_door(),
        places=places.overall(quotas),
        sessions=places.of_sessions(quotas),
        likes=conditions.likes_of(db.session, event),
        refusal=refusal,
    )


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/cancel")
@requires(Permission.EVENT_CHECK_IN)
def cancel_for_member(event_id: int, registration_id: int) -> Response:
    def act(one: Registration) -> object:
        return booking.cancel(db.session, one, as_staff=True, by=current_user.id, now=clock.now())

    return _done(event_id, registration_id, act, _("Cancelled. The member is told."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/new-ticket")
@requires(Permission.EVENT_CHECK_IN)
def give_new_ticket(event_id: int, registration_id: int) -> Response:
    """For who lost the ticket, or showed it to the wrong people."""

    def act(one: Registration) -> object:
        return tickets.reissue(
            db.session, one, keys=ticket_keys(), by=current_user.id, now=clock.now()
        )

    words = _("The old ticket opens no door any more. The member finds the new one with the event.")
    return _done(event_id, registration_id, act, words)


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/pay")
@requires(Permission.EVENT_CHECK_IN)
def take_fee(event_id: int, registration_id: int) -> Response:
    def act(one: Registration) -> object:
        return fees.take(
            db.session,
            one,
            parse_fen(request.form.get("amount", "")),
            request_id=typed("request_id", 60) or abort(400),
            by=current_user.id,
            now=clock.now(),
        )

    return _done(event_id, registration_id, act, _("Noted as paid."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/strike-fee")
@requires(Permission.EVENT_CHECK_IN)
def strike_fee(event_id: int, registration_id: int) -> Response:
    payment = request.form.get("payment", 0, type=whole)

    def act(one: Registration) -> None:
        fees.strike(db.session, one, payment, by=current_user.id, now=clock.now())

    return _done(event_id, registration_id, act, _("The payment was struck out."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/offer")
@requires(Permission.EVENT_EDIT)
def offer_place(event_id: int, registration_id: int) -> Response:
    def act(one: Registration) -> object:
        return waitlist.offer_by_hand(db.session, one, by=current_user.id, now=clock.now())

    return _done(event_id, registration_id, act, _("The place is offered. The member is told."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/move")
@requires(Permission.EVENT_EDIT)
def move_in_queue(event_id: int, registration_id: int) -> Response:
    place, reason = request.form.get("place", 0, type=whole), typed("reason")

    def act(one: Registration) -> None:
        said = {"reason": reason, "by": current_user.id, "now": clock.now()}
        waitlist.move(db.session, one, place, **said)

    return _done(event_id, registration_id, act, _("The queue has a new order."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/skip")
@requires(Permission.EVENT_EDIT)
def let_others_pass(event_id: int, registration_id: int) -> Response:
    reason = typed("reason")

    def act(one: Registration) -> object:
        if not reason:
            raise PlanRefused(N_("Please say why others may pass."))
        return waitlist.skip(db.session, one, reason=reason, by=current_user.id, now=clock.now())

    return _done(event_id, registration_id, act, _("Others may pass now."))


@bp.post("/desk/events/<int:event_id>/registrations/<int:registration_id>/unskip")
@requires(Permission.EVENT_EDIT)
def let_nobody_pass(event_id: int, registration_id: int) -> Response:
    def act(one: Registration) -> None:
        waitlist.unskip(db.session, one, by=current_user.id, now=clock.now())

    return _done(event_id, registration_id, act, _("Nobody passes this one any more."))


def _done(
    event_id: int, registration_id: int, act: Callable[[Registration], object], words: str
) -> Response:
    """Do it and show the lists, or say above them why not."""
    return done_or_shown(
        lambda: act(registration_of(event_id, registration_id)),
        lambda *no: roster(planned_event(event_id), *no),
        back=_roster_address(event_id),
        said=words,
    )


def _roster_address(event_id: int) -> str:
    return url_for("events.event_registrations", event_id=event_id)
