"""My registrations: tickets, my place in the queue, offers, changing and cancelling."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, make_response, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import (
    booking,
    choices,
    listing,
    no_show_appeals,
    no_shows,
    places,
    tickets,
    waitlist,
)
from events.blueprint import bp
from events.checks import placing, sheets
from events.forms import RegistrationForm, registration_form, with_spare_rows
from events.gatherings import day
from events.models import ACTIVE, EventState, Registration, RegistrationState
from events.views.loading import own_cars, own_registration, shop_today, ticket_keys
from events.views.sign_up import chosen
from foundation import clock, qr, tunables
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.language import reader_language
from foundation.web.pages import page
from members.models import Vehicle


@bp.get("/me/registrations")
@members_only
def registrations() -> Response:
    now = clock.now()
    mine = db.session.scalars(listing.mine_query(current_user.owner_id).limit(60)).all()
    ahead = [one for one in mine if one.state in ACTIVE and one.event.ends_at > now]
    behind = [one for one in mine if one not in ahead]
    return page(
        "events/registrations.html",
        ahead=sorted(ahead, key=lambda one: (not _asks_answer(one), one.event.starts_at)),
        offered={one.id: _others_wait(one) for one in ahead if _asks_answer(one)},
        behind=behind,
        attended=listing.attended(db.session, [one.id for one in behind]),
        reports=sheets.reported(db.session, [one.id for one in behind]),
        queue_places=_queue_places(ahead),
        missed=no_shows.counted(db.session, current_user.owner_id, on=shop_today()),
        missed_months=tunables.value(db.session, no_shows.MONTHS),
    )


def _asks_answer(mine: Registration) -> bool:
    """Whether a place is offered, and the member has still to take it or let it go."""
    published = mine.event.state == EventState.PUBLISHED
    return published and mine.state == RegistrationState.OFFERED


def _queue_places(mine: list[Registration]) -> dict[int, int | None]:
    return {
        one.id: booking.queue_place(db.session, one)
        for one in mine
        if one.state == RegistrationState.WAITING
    }


@bp.get("/me/registrations/<int:registration_id>")
@members_only
def registration(registration_id: int) -> Response:
    return _registration_page(own_registration(registration_id))


def _registration_page(mine: Registration, status: int = 200, **values: Any) -> Response:
    values.setdefault("form", _prefilled(mine) if mine.state in ACTIVE else None)
    if values["form"] is not None:
        with_spare_rows(values["form"], mine.event)
    return page(
        "events/registration.html",
        status,
        registration=mine,
        event=mine.event,
        queue_place=_queue_places([mine]).get(mine.id),
        others_wait=_others_wait(mine),
        gone=choices.gone(mine),
        sessions=places.of_sessions(mine.event.quotas),
        now=clock.now(),
        on_the_day=day.has_more(db.session, mine),
        missed=no_shows.of_registration(db.session, mine.id),
        check=sheets.report_of(db.session, mine.id) if mine.session_id else None,
        job=placing.job_of(db.session, mine.id) if mine.session_id else None,
        **values,
    )


def _others_wait(mine: Registration) -> bool:
    """Whether a place that is given up goes to somebody in the queue."""
    waiting = sum(quota.waiting for quota in mine.event.quotas)
    return waiting > 0 and mine.state != RegistrationState.WAITING


def _prefilled(mine: Registration) -> RegistrationForm:
    values: dict[str, Any] = {
        "vehicle_id": mine.vehicle_id or 0,
        "session_id": mine.session_id,
        "party_size": mine.party_size,
        "companions": [
            {"name": one.name, "age_band": one.age_band, "guardian": one.guardian or 0}
            for one in mine.companions
        ],
        "licence_until": mine.owner.licence_until,
    }
    values.update({f"question_{answer.question_id}": answer.text for answer in mine.answers})
    return _form(mine, own_cars(), **values)


def _form(mine: Registration, cars: Sequence[Vehicle], **values: Any) -> RegistrationForm:
    """The form of the event; terms are asked for again only when they were reworded since."""
    return registration_form(
        mine.event, cars, reader_language(), accepted=mine.terms_version, **values
    )


@bp.get("/me/registrations/<int:registration_id>/ticket.png")
@members_only
def ticket_picture(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    if mine.ticket is None or mine.ticket.revoked_at is not None:
        return make_response("", 404)
    secret = tickets.secret_of(mine.ticket, ticket_keys())
    answer = make_response(qr.qr_png(secret))
    answer.headers["Content-Type"] = "image/png"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/me/registrations/<int:registration_id>/change")
@members_only
def change_registration(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    cars = own_cars()
    form = _form(mine, cars)
    if not form.validate():
        return _registration_page(mine, 422, form=form)
    return _act(
        mine,
        lambda: booking.change(
            db.session, mine, **chosen(mine.event, form, cars), by=current_user.id, now=clock.now()
        ),
        _("Your sign-up was changed."),
        form=form,
    )


@bp.post("/me/registrations/<int:registration_id>/cancel")
@members_only
def cancel_registration(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    return _act(
        mine,
        lambda: booking.cancel(db.session, mine, by=current_user.id, now=clock.now()),
        _("Your sign-up was cancelled. The place goes to the next in the queue.")
        if _others_wait(mine)
        else _("Your sign-up was cancelled."),
    )


@bp.post("/me/registrations/<int:registration_id>/accept")
@members_only
def accept_offer(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    return _act(
        mine,
        lambda: waitlist.accept(
            db.session, mine, keys=ticket_keys(), by=current_user.id, now=clock.now()
        ),
        _("The place is yours. Here is your ticket."),
    )


@bp.post("/me/registrations/<int:registration_id>/decline")
@members_only
def decline_offer(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    return _act(
        mine,
        lambda: waitlist.decline(db.session, mine, by=current_user.id, now=clock.now()),
        _("You let the place go. It was offered to the next in the queue.")
        if _others_wait(mine)
        else _("You let the place go."),
    )


@bp.post("/me/registrations/<int:registration_id>/appeal")
@members_only
def appeal_no_show(registration_id: int) -> Response:
    mine = own_registration(registration_id)
    missed = no_shows.of_registration(db.session, mine.id) or abort(404)
    text = typed("text", no_show_appeals.LONGEST)
    return _act(
        mine,
        lambda: no_show_appeals.appeal(
            db.session, missed, text, by=current_user.id, now=clock.now()
        ),
        _("Thank you for your word. A person reads it and answers you."),
        appeal=text,
    )


def _act(mine: Registration, act: Callable[[], object], done: str, **values: Any) -> Response:
    """Do one thing with a registration, commit, and come back to its page."""
    return done_or_shown(
        act,
        lambda status, no: _registration_page(mine, status, refusal=no, **values),
        back=url_for("events.registration", registration_id=mine.id),
        said=done,
    )
