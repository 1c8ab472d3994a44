"""The page of an event, with the sign-up form beside it for members."""

from collections.abc import Sequence
from typing import Any

from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from club.models import TierCode
from events import conditions, documents, eligibility, meant_cars, papers, places
from events.conditions import Condition
from events.forms import RegistrationForm, registration_form, with_spare_rows
from events.models import Event, EventState, Registration
from events.refusals import NotYetOpen
from events.trips import planning, recap, stops
from events.views.loading import own_cars
from foundation import clock
from foundation.refusals import Refusal
from foundation.web.database import db
from foundation.web.language import reader_language
from foundation.web.pages import page, refused
from members.models import Vehicle


def event_page(
    event: Event,
    status: int = 200,
    form: RegistrationForm | None = None,
    refusal: str | None = None,
) -> Response:
    """The event with what the reader can do about it; a form that comes back has status 422."""
    standing = _standing(event)
    return page(
        "events/event.html",
        status,
        **event_values(event, standing.tier if standing else TierCode.GENERAL),
        recap=_reads_recap(event),
        **_sign_up_panel(event, standing, form, refusal),
    )


def _standing(event: Event) -> eligibility.Standing | None:
    """Where the reader stands, if they are a member."""
    if not current_user.is_authenticated or not current_user.is_member:
        return None
    return eligibility.standing_of(db.session, event, current_user.owner_id, None)


def _reads_recap(event: Event) -> bool:
    """Whether the reader is a member for whom the recap of this trip is out."""
    over = event.ends_at <= clock.now()
    if not over or not current_user.is_authenticated or not current_user.is_member:
        return False
    trip = planning.trip_of(db.session, event.id)
    return trip is not None and recap.may_read(db.session, trip, current_user.owner_id)


def event_values(event: Event, tier: str = TierCode.GENERAL) -> dict[str, Any]:
    """What the template shows of an event, for any reader; places are those for their tier."""
    trip = planning.trip_of(db.session, event.id)
    quotas = db.session.scalars(places.quotas_query([event.id])).all()
    return {
        "event": event,
        "likes": conditions.likes_of(db.session, event),
        "places": places.overall(quotas, tier),
        "sessions": places.of_sessions(quotas),
        "documents": documents.of_event(db.session, event),
        "cancelled": event.state == EventState.CANCELLED,
        "trip_days": stops.day_plans(trip, event) if trip else [],
        "now": clock.now(),
    }


def _sign_up_panel(
    event: Event,
    standing: eligibility.Standing | None,
    form: RegistrationForm | None,
    refusal: str | None,
) -> dict[str, Any]:
    """What the column beside an event shows: my registration, the form, or why there is none."""
    if standing is None:
        is_staff = current_user.is_authenticated and current_user.owner_id is None
        return {"panel": "staff" if is_staff else "stranger"}
    if standing.registration_id is not None:
        mine = db.session.get_one(Registration, standing.registration_id)
        return {"panel": "mine", "registration": mine}
    closed, cars = _why_closed(db.session, event, standing), own_cars()
    early = isinstance(closed, NotYetOpen)
    kept_out = _kept_out(event, standing, cars)
    if kept_out is not None and (closed is None or early):
        return {"panel": "kept-out", "kept_out": kept_out, "tier": standing.tier, "cars": cars}
    if closed is not None:
        opens = eligibility.opens_at(db.session, event, standing.tier) if early else None
        return {"panel": "closed", "why": refused(closed), "opens_at": opens}
    known = current_user.owner.licence_until if papers.asks_licence(event) else None
    fitting = conditions.fitting(event, cars)
    form = form or registration_form(event, fitting, reader_language(), licence_until=known)
    with_spare_rows(form, event)
    return {"panel": "form", "form": form, "refusal": refusal}


def _kept_out(
    event: Event, standing: eligibility.Standing, cars: Sequence[Vehicle]
) -> Condition | None:
    """The condition that the reader does not meet, with any of their cars."""
    wrong_cars = meant_cars.is_for_some(event) and not conditions.fitting(event, cars)
    return conditions.unmet(event, standing) or (Condition.CARS if wrong_cars else None)


def _why_closed(session: Session, event: Event, standing: eligibility.Standing) -> Refusal | None:
    try:
        eligibility.check_open(session, event, standing, now=clock.now())
    except Refusal as no:
        return no
    return None
