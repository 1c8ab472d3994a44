"""Who signed up for an event: the lists, paper, and files with a reason."""

from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.wrappers.response import Response

from events import attendees, fees, figures, no_shows, places, planned, standstill
from events.blueprint import bp
from events.models import Event, Registration
from events.models import RegistrationState as State
from events.staff.loading import planned_event
from events.views.loading import shop_today
from foundation import clock
from foundation.refusals import Refusal
from foundation.roles import Permission
from foundation.sheets.writing import file_of
from foundation.web.access import may, requires
from foundation.web.database import db, reads_first, then_write
from foundation.web.files import list_file
from foundation.web.incoming import whole
from foundation.web.language import say
from foundation.web.pages import page, refused
from members.staff.taking import asked_taking

ENDED = (State.CANCELLED, State.DECLINED, State.EXPIRED)


@bp.get("/desk/events/<int:event_id>/registrations")
@requires(Permission.MEMBER_VIEW)
def event_registrations(event_id: int) -> Response:
    return roster(planned_event(event_id))


def roster(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    """The lists of an event; an act that was refused comes back with 422."""
    words = request.args.get("q", "").strip()[:80]
    after = request.args.get("after", 0, type=whole)
    confirmed = attendees.by_name(db.session, event.id, State.CONFIRMED, words=words, after=after)
    shown = confirmed[: attendees.PAGE]
    offered = attendees.by_name(db.session, event.id, State.OFFERED)
    line = attendees.in_line(db.session, event.id)
    quotas = db.session.scalars(places.quotas_query([event.id])).all()
    return page(
        "events/staff/registrations.html",
        status,
        event=event,
        confirmed=shown,
        more=shown[-1].id if len(confirmed) > attendees.PAGE else None,
        offered=offered,
        line=line,
        ended=_ended(event),
        counts=planned.counts_of(db.session, event.id),
        places=places.overall(quotas),
        missing=figures.no_shows(db.session, event, now=clock.now()),
        why=say(*standstill.why_nobody_was_offered(db.session, event, now=clock.now()))
        if line
        else None,
        words=words,
        refusal=refusal,
        **_known_of([*shown, *offered, *line]),
        **_money_of(event, shown),
    )


def _known_of(registrations: list[Registration]) -> dict[str, Any]:
    """Tiers, arrivals and missed events of those who are shown."""
    owners, today = [one.owner_id for one in registrations], shop_today()
    return {
        "misses": no_shows.counts_of(db.session, owners, on=today),
        "measures": no_shows.measures_of(db.session, owners, on=today),
        "noted": no_shows.of_registrations(db.session, [one.id for one in registrations]),
        "tiers": attendees.tiers_of(db.session, [one.owner_id for one in registrations]),
        "arrivals": attendees.arrivals_of(db.session, [one.id for one in registrations]),
        "now": clock.now(),
    }


def _money_of(event: Event, shown: list[Registration]) -> dict[str, Any]:
    """What those who are shown owe and paid, where the event costs something."""
    if not fees.asks_money(event):
        return {"due": {}, "paid": {}}
    payments = fees.payments_of(db.session, [one.id for one in shown])
    return {
        "due": {one.id: fees.due(one) for one in shown},
        "paid": fees.paid_by(db.session, [one.id for one in shown]),
        "standing": {
            one: [row.id for row in rows if row.struck_at is None] for one, rows in payments.items()
        },
        "next_payment": {one: fees.request_of(one, len(rows)) for one, rows in payments.items()},
    }


def _ended(event: Event) -> list[Registration]:
    query = attendees.attendees_query(event.id, *ENDED)
    newest = query.order_by(Registration.ended_at.desc(), Registration.id.desc())
    return list(db.session.scalars(newest.limit(attendees.PAGE)))


@bp.get("/desk/events/<int:event_id>/door-list")
@requires(Permission.MEMBER_VIEW)
def door_list(event_id: int) -> Response:
    event = planned_event(event_id)
    found = list(attendees.everybody(db.session, event.id, State.CONFIRMED))
    return page("events/staff/door_list.html", event=event, attendees=found, **_known_of(found))


@bp.get("/desk/events/<int:event_id>/export")
@requires(Permission.MEMBER_EXPORT)
def ask_export(event_id: int) -> Response:
    return _ask(planned_event(event_id))


@bp.post("/desk/events/<int:event_id>/export")
@reads_first
@requires(Permission.MEMBER_EXPORT)
def export_registrations(event_id: int) -> Response:
    event, taking = planned_event(event_id), asked_taking()
    try:
        taking.check()
    except Refusal as no:
        return _ask(event, 422, refused(no))
    questions, rows = attendees.sheet(db.session, event, phones=taking.phones)
    heads = [*(say(head) for head in attendees.HEADERS), *questions]
    content = file_of(taking.form, heads, rows)
    then_write()
    attendees.record_export(
        db.session, event, taking, rows=len(rows), by=current_user.id, now=clock.now()
    )
    db.session.commit()
    return list_file(content, f"event-{event.id}", taking.form)


def _ask(event: Event, status: int = 200, refusal: str | None = None) -> Response:
    return page(
        "events/staff/export.html",
        status,
        event=event,
        counts=planned.counts_of(db.session, event.id),
        full_phones=may(Permission.MEMBER_CONTACTS),
        reason=request.form.get("reason", ""),
        refusal=refusal,
    )
