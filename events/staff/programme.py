"""The programme at the desk: the list, one event, and its preview."""

from datetime import UTC, datetime
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.wrappers.response import Response

from events import choices, conditions, deadlines, editing, fees, places, planned, readiness, survey
from events.blueprint import bp
from events.models import Event, EventKind, Quota
from events.staff.loading import planned_event
from events.views.event_page import event_values
from foundation import clock
from foundation.roles import Permission
from foundation.shop import in_language
from foundation.web import language
from foundation.web.access import requires
from foundation.web.database import db
from foundation.web.pages import page


@bp.get("/desk/events")
@requires(Permission.DESK_ENTER)
def planned_events() -> Response:
    now = clock.now()
    wanted = _wanted()
    found = db.session.scalars(planned.planned_query(wanted, now=now)).all()
    shown = found[: planned.PAGE]
    return page(
        "events/staff/list.html",
        events=shown,
        more=_key(shown[-1]) if len(found) > planned.PAGE else None,
        wanted=wanted,
        shelves=planned.shelf_counts(db.session, now=now),
        places=places.places_of(db.session, [event.id for event in shown]),
        kinds=db.session.scalars(select(EventKind).order_by(EventKind.position)).all(),
        now=now,
    )


def _wanted() -> planned.Wanted:
    asked = request.args
    shelf = asked.get("show", "")
    known = shelf in list(planned.Shelf)
    return planned.Wanted(
        shelf=planned.Shelf(shelf) if known else planned.Shelf.COMING,
        kind=asked.get("kind") or None,
        words=asked.get("q", "").strip()[:80],
        after=_after(asked.get("after", "")),
    )


def _key(event: Event) -> str:
    return f"{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%S}-{event.id}"


def _after(text: str) -> tuple[datetime, int] | None:
    moment, _dash, number = text.partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S").replace(tzinfo=UTC), int(number)
    except ValueError:
        return None


@bp.get("/desk/events/<int:event_id>")
@requires(Permission.DESK_ENTER)
def desk_event(event_id: int) -> Response:
    return overview(planned_event(event_id))


def overview(
    event: Event, status: int = 200, refusal: str | None = None, wrong_field: str = ""
) -> Response:
    """One event with its numbers and what can be done; a refused act comes back with 422, its
    form open with what was typed."""
    now = clock.now()
    rows = db.session.scalars(places.quotas_query([event.id])).all()
    return page(
        "events/staff/event.html",
        status,
        event=event,
        quotas=[quota for quota in rows if quota.session_id is None],
        choices={row.id: _choice(event, row) for row in rows if row.choice},
        main=next((row for row in rows if row.kind == editing.unit_quota_of(event)), None),
        places=places.overall(rows),
        sessions=places.of_sessions(rows),
        counts=planned.counts_of(db.session, event.id),
        lacks=readiness.lacks(event, now=now),
        sign_up_ends=deadlines.registration_ends(event),
        now=now,
        till=fees.till_of(db.session, event) if fees.asks_money(event) else None,
        refusal=refusal,
        wrong_field=wrong_field,
        answered=survey.results(db.session, event.id),
        said=survey.words_of(db.session, event.id),
        likes=conditions.likes_of(db.session, event),
        **_words_of(event),
    )


def _words_of(event: Event) -> dict[str, Any]:
    """Quotas and the original of a copy, for the page."""
    original = db.session.get(Event, event.copied_from_id) if event.copied_from_id else None
    return {"original": original, "quota_left": _left}


def _choice(event: Event, quota: Quota) -> str:
    """A limited choice with its question, in the reader's language."""
    question = next(one for one in event.questions if one.id == quota.question_id)
    tag = language.reader_language()
    words = choices.words(event, quota)
    choice = words.en if tag == "en" and words.en else words.zh
    return f"{in_language(question, 'text', tag)} · {choice}"


def _left(quota: Quota) -> int | None:
    return None if quota.capacity is None else max(quota.capacity - quota.taken, 0)


@bp.get("/desk/events/<int:event_id>/preview")
@requires(Permission.DESK_ENTER)
def preview(event_id: int) -> Response:
    """The event as members will see it, in either language; nobody can sign up from here."""
    event = planned_event(event_id)
    tag = request.args.get("language", language.reader_language())
    if tag not in language.LANGUAGES:
        tag = language.reader_language()
    with language.reading_as(tag):
        return page(
            "events/staff/preview.html", **event_values(event), panel="preview", shown_in=tag
        )
