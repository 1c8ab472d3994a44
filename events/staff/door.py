"""At the door: a code typed or scanned, or a name from the list; one big answer."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import abort, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers.response import Response

from events import attendees, check_in, door_counts, door_doubts, tickets
from events.blueprint import bp
from events.models import (
    CheckIn,
    CheckInStep,
    Event,
    EventState,
    Registration,
    RegistrationState,
    Ticket,
)
from events.refusals import DoorRefusal
from events.staff.loading import planned_event
from events.trips.needs import still_needed
from events.views.loading import club_settings, ticket_keys
from foundation import clock
from foundation.pictures import LARGEST_FILE, codes_in
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.web.access import requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.incoming import whole
from foundation.web.limits import signed_in_device, wrong_codes
from foundation.web.pages import page, refused
from foundation.words import N_

LONGEST_CODE = 300
SHOWN = 12
SOON = timedelta(days=14)


@bp.get("/desk/check-in")
@requires(Permission.EVENT_CHECK_IN)
def choose_door() -> Response:
    now = clock.now()
    since = clock.start_of(clock.shop_day(now, club_settings().zone), club_settings().zone)
    found = db.session.scalars(
        select(Event)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.ends_at >= since,
            Event.starts_at < now + SOON,
        )
        .options(joinedload(Event.kind))
        .order_by(Event.starts_at, Event.id)
        .limit(40)
    ).all()
    today = [event for event in found if event.starts_at < since + timedelta(days=1)]
    later = [event for event in found if event not in today]
    doors = {event.id: door_counts.door_of(db.session, event.id) for event in today}
    return page("events/staff/doors.html", today=today, later=later, doors=doors)


@bp.get("/desk/events/<int:event_id>/check-in")
@requires(Permission.EVENT_CHECK_IN)
def door(event_id: int) -> Response:
    event = planned_event(event_id)
    arrival_id = request.args.get("arrival", type=whole)
    arrival = arrival_of(event, arrival_id) if arrival_id else None
    return _door_page(event, _step(event, request.args.get("step", "")), arrival=arrival)


@bp.post("/desk/events/<int:event_id>/check-in")
@requires(Permission.EVENT_CHECK_IN)
@wrong_codes
def check_someone_in(event_id: int) -> Response:
    return _let_in(event_id, _named_ticket)


@bp.post("/desk/events/<int:event_id>/check-in/photo")
@requires(Permission.EVENT_CHECK_IN)
@wrong_codes
@reads_first
def check_photo_in(event_id: int) -> Response:
    """A photo of a ticket, for browsers that cannot read codes; it is read and not kept."""
    event = planned_event(event_id)
    try:
        texts = _photographed()
    except Refusal as no:
        step = _step(event, request.form.get("step", ""))
        return _door_page(event, step, 422, refusal=refused(no))
    then_write()
    return _let_in(event_id, partial(_pictured_ticket, texts))


def _let_in(event_id: int, ticket_for: Callable[[Event], Ticket | None]) -> Response:
    """Check in whoever holds the ticket that was shown, or say why not."""
    event = planned_event(event_id)
    step, number = _step(event, request.form.get("step", "")), _request_id()
    try:
        arrival = check_in.check_in(
            db.session,
            event,
            ticket_for(event),
            request_id=number,
            step=step,
            device=signed_in_device()[:80],
            by=current_user.id,
            now=clock.now(),
        )
    except Refusal as no:
        db.session.rollback()
        event = planned_event(event_id)
        return _door_page(
            event, _step(event, request.form.get("step", "")), 422, refusal=refused(no)
        )
    db.session.commit()
    return to_door(event, step, arrival=arrival.id, again=arrival.request_id != number)


def _photographed() -> list[str]:
    """What the codes in the uploaded photo say."""
    file = request.files.get("photo")
    texts = codes_in(file.read(LARGEST_FILE + 1)) if file else []
    if not texts:
        raise DoorRefusal(
            N_("No code was found in this photo. Please take it again, closer, or type the code.")
        )
    return texts


def _pictured_ticket(texts: list[str], event: Event) -> Ticket | None:
    """The first ticket among the codes of a photo."""
    found = (
        tickets.find(db.session, event, text[:LONGEST_CODE], keys=ticket_keys()) for text in texts
    )
    return next(filter(None, found), None)


def _named_ticket(event: Event) -> Ticket | None:
    """The ticket of who was picked from the list, else the one that was typed or scanned."""
    picked = request.form.get("registration_id", type=whole)
    if picked is not None:
        return db.session.scalar(
            select(Ticket).where(Ticket.registration_id == picked, Ticket.event_id == event.id)
        )
    text = request.form.get("code", "")[:LONGEST_CODE].strip()
    if not text:
        raise DoorRefusal(N_("Please scan a ticket or type its code."))
    found = tickets.find(db.session, event, text, keys=ticket_keys())
    return found or tickets.find_elsewhere(db.session, event, text, now=clock.now())


def _request_id() -> str:
    """The form's own number; a form without one is a request of its own."""
    try:
        return str(uuid.UUID(request.form.get("request_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def to_door(
    event: Event, step: CheckInStep | None, *, arrival: int | None = None, again: bool = False
) -> Response:
    """Back to the door at its step, with the answer; `again`: this desk had seen them before."""
    address = url_for(
        "events.door",
        event_id=event.id,
        step=step.id if step else None,
        arrival=arrival,
        again=1 if again else None,
    )
    return redirect(address, 303)


def arrival_of(event: Event, arrival_id: int) -> CheckIn:
    """An arrival at this event, or 404."""
    found = db.session.scalar(
        select(CheckIn)
        .join(Registration)
        .where(CheckIn.id == arrival_id, Registration.event_id == event.id)
        .options(joinedload(CheckIn.registration).joinedload(Registration.owner))
    )
    return found or abort(404)


def _step(event: Event, text: str) -> CheckInStep | None:
    """The named step; the door itself when there is none."""
    return next((step for step in event.steps if str(step.id) == text), None)


def _door_page(
    event: Event,
    step: CheckInStep | None,
    status: int = 200,
    *,
    arrival: CheckIn | None = None,
    refusal: str | None = None,
) -> Response:
    words = request.args.get("q", "").strip()[:80]
    found = (
        attendees.by_name(db.session, event.id, RegistrationState.CONFIRMED, words=words)[:SHOWN]
        if words
        else []
    )
    seen = [*found, *([arrival.registration] if arrival else [])]
    return page(
        "events/staff/check_in.html",
        status,
        event=event,
        step=step,
        arrival=arrival,
        again="again" in request.args,
        door=door_counts.door_of(db.session, event.id),
        doubts=door_doubts.open_count(db.session, event.id),
        words=words,
        found=found,
        arrivals=attendees.arrivals_of(db.session, [one.id for one in seen]),
        tiers=attendees.tiers_of(db.session, [one.owner_id for one in seen]),
        needs=still_needed(db.session, event, seen),
        request_id=str(uuid.uuid4()),
        code=request.form.get("code", "")[:LONGEST_CODE] if refusal else "",
        refusal=refusal,
    )
