"""An event as its whole editor holds it, saved in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from events import letter_times, notices, parts, programme, questions, reserving, seats, sessions
from events.lines import (
    AgendaLine,
    ChecklistLine,
    HostLine,
    QuestionLine,
    SessionLine,
    StepLine,
)
from events.models import Event, EventKind, EventState, Quota, QuotaKind, Unit
from events.planning import Plan
from events.programme import MOVES
from foundation.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that the editor holds: the plan, its lists, and how many places of each kind.

    `places` counts the event's unit; `cars` further limits the cars of an event of people.
    A tier that is missing from `tiers` shares all places.
    """

    plan: Plan
    agenda: Sequence[AgendaLine] = ()
    hosts: Sequence[HostLine] = ()
    steps: Sequence[StepLine] = ()
    checklist: Sequence[ChecklistLine] = ()
    questions: Sequence[QuestionLine] = ()
    sessions: Sequence[SessionLine] = ()
    places: int | None = None
    cars: int | None = None
    gifts: int | None = None
    tiers: Mapping[str, int | None] = field(default_factory=dict)


def create(
    db: Session, shop: Shop, kind: EventKind, sheet: Sheet, *, by: int | None, now: datetime
) -> Event:
    """A draft with everything on the sheet."""
    reserving.check(sheet.plan, sheet.places)
    event = programme.draft(db, shop, kind, sheet.plan, by=by, now=now)
    _set_parts(db, event, sheet, by=by, now=now)
    letter_times.begin_with(db, event, now=now)
    return event


def save(db: Session, event: Event, sheet: Sheet, *, by: int | None, now: datetime) -> Event:
    """The event follows the sheet. Whoever signed up gets one notice, also when the event and
    the sessions of it moved together (R29)."""
    parts.check_open(event)
    reserving.check(sheet.plan, sheet.places)
    event_moved = moves(event, sheet.plan)
    sessions_moved = _moved_sessions(event, sheet.sessions)
    programme.change(db, event, sheet.plan, by=by, now=now)
    _set_parts(db, event, sheet, by=by, now=now)
    if event_moved and sessions_moved and event.state == EventState.PUBLISHED:
        event.sequence += 1
        notices.event_moved(db, event, now=now)  # in the place of the two that are queued
    db.flush()
    return event


def moves(event: Event, plan: Plan) -> bool:
    """Whether the event is at another time or place by this plan."""
    return any(getattr(event, name) != getattr(plan, name) for name in MOVES)


def _set_parts(db: Session, event: Event, sheet: Sheet, *, by: int | None, now: datetime) -> None:
    if _differ(event.agenda, sheet.agenda):
        parts.set_agenda(db, event, sheet.agenda, by=by, now=now)
    if _differ(event.hosts, sheet.hosts):
        parts.set_hosts(db, event, sheet.hosts, by=by, now=now)
    if _differ(event.steps, sheet.steps):
        parts.set_steps(db, event, sheet.steps, by=by, now=now)
    if _differ(event.checklist, sheet.checklist):
        parts.set_checklist(db, event, sheet.checklist, by=by, now=now)
    if questions.standing_questions(event) != list(sheet.questions):
        questions.set_questions(db, event, sheet.questions, by=by, now=now)
    if _sessions_differ(event, sheet.sessions):
        sessions.set_sessions(db, event, sheet.sessions, by=by, now=now)
    _set_places(db, event, sheet, by=by, now=now)


def _set_places(db: Session, event: Event, sheet: Sheet, *, by: int | None, now: datetime) -> None:
    wanted: list[tuple[QuotaKind, str | None, int | None]] = [
        (programme.unit_quota(event.unit), None, sheet.places),
        (QuotaKind.GIFT, None, sheet.gifts),
        *((QuotaKind.TIER, tier, number) for tier, number in sheet.tiers.items()),
    ]
    if event.unit == Unit.PERSON:
        wanted.append((QuotaKind.CARS, None, sheet.cars))
    for kind, tier, number in wanted:
        if number is not None or capacity_of(event, kind, tier) is not None:
            seats.set_capacity(db, event, kind, number, tier=tier, by=by, now=now)
    reserving.keep_places(db, event, by=by, now=now)


def quota_of(event: Event, kind: QuotaKind, tier: str | None = None) -> Quota | None:
    """The event-wide quota of a kind, or of a tier's allotment."""
    return next((row for row in event.quotas if (row.kind, row.tier) == (kind, tier)), None)


def unit_quota_of(event: Event) -> QuotaKind:
    """The kind of quota that counts what takes a place at this event."""
    return programme.unit_quota(event.unit)


def capacity_of(event: Event, kind: QuotaKind, tier: str | None = None) -> int | None:
    """The places of a kind; none where nobody counts them."""
    quota = quota_of(event, kind, tier)
    return quota.capacity if quota else None


def _differ(rows: Sequence[Any], lines: Sequence[Any]) -> bool:
    """Whether the lines say something else than the rows that stand."""
    if len(rows) != len(lines):
        return True
    return any(
        getattr(row, name) != value
        for row, line in zip(rows, lines, strict=True)
        for name, value in asdict(line).items()
    )


def _sessions_differ(event: Event, lines: Sequence[SessionLine]) -> bool:
    return standing_sessions(event) != sorted(lines, key=lambda line: line.starts_at)


def standing_sessions(event: Event) -> list[SessionLine]:
    """The sessions of an event as lines of the editor."""
    places = {row.session_id: row.capacity for row in event.quotas if row.session_id}
    return [
        SessionLine(
            one.starts_at, one.ends_at, places.get(one.id), one.name_zh, one.name_en, one.id
        )
        for one in sorted(event.sessions, key=lambda one: one.starts_at)
    ]


def _moved_sessions(event: Event, lines: Sequence[SessionLine]) -> bool:
    times = {line.id: (line.starts_at, line.ends_at) for line in lines}
    return any(
        one.id in times and times[one.id] != (one.starts_at, one.ends_at) for one in event.sessions
    )
