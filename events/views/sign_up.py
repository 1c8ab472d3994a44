"""Signing up for an event, on the event's own page."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import booking, conditions, quotas
from events.blueprint import bp
from events.forms import RegistrationForm, registration_form
from events.models import Event, EventSession, Registration, RegistrationState
from events.views.event_page import event_page
from events.views.loading import own_cars, published_event, ticket_keys
from foundation import clock
from foundation.web.access import members_only
from foundation.web.acting import done_or_shown
from foundation.web.database import db, reads_first, then_write
from foundation.web.language import reader_language
from members.models import Vehicle


@bp.post("/events/<int:event_id>/register")
@reads_first
@members_only
def register(event_id: int) -> Response:
    event = published_event(event_id)
    quotas.load(db.session, event)
    cars = conditions.fitting(event, own_cars())
    form = registration_form(event, cars, reader_language())
    if not form.validate():
        return event_page(event, 422, form=form)
    wished, now = chosen(event, form, cars), clock.now()

    def sign_up() -> Registration:
        wish = booking.look(db.session, event, current_user.owner, **wished, now=now)
        then_write()
        return booking.seat(
            db.session, wish, keys=ticket_keys(), by=current_user.id, now=clock.now()
        )

    return done_or_shown(
        sign_up,
        lambda status, no: event_page(event, status, form=form, refusal=no),
        back=lambda made: url_for("events.registration", registration_id=made.id),
        said=lambda made: (
            _("You have a place. We look forward to seeing you.")
            if made.state == RegistrationState.CONFIRMED
            else ""
        ),
    )


def chosen(event: Event, form: RegistrationForm, cars: Sequence[Vehicle]) -> dict[str, Any]:
    """What the form asks of the rule: the car, the session, the party, the answers."""
    return {
        "vehicle": next((car for car in cars if car.id == form.vehicle_id.data), None),
        "session": _session(event, form),
        "party_size": form.party_size.data if "party_size" in form else 1,
        "companions": form.guests(),
        "answers": form.answers(),
        "accepted": form.terms.data if "terms" in form else None,
        "licence_until": form.licence_until.data if "licence_until" in form else None,
    }


def _session(event: Event, form: RegistrationForm) -> EventSession | None:
    if "session_id" not in form:
        return None
    return next((one for one in event.sessions if one.id == form.session_id.data), None)
