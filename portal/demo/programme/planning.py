"""Events as the tables beside this file plan them, hung on the anchor day."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events import (
    costs,
    documents,
    parts,
    planning,
    programme,
    questions,
    reserving,
    seats,
    sessions,
)
from events.lines import (
    AgendaLine,
    ChecklistLine,
    HostLine,
    QuestionLine,
    SessionLine,
    StepLine,
)
from events.models import DocumentFor, Event, EventKind, QuestionKind, QuotaKind, Unit
from foundation.shop import the_shop
from portal.demo.people import Drawing
from portal.demo.programme import paper

FOLDER = Path(__file__).parent
_SIGN_UP_DAYS = 35
_DAYS_TO_PREPARE = 3
_OF_DEMO = ("fill", "wait", "absent", "here", "invite", "invite_now", "invite_draft")


@dataclass(slots=True)
class Undertaking:
    """An event with what the demo makes of it: places taken, waiting, who is invited and who
    stays away. `here` is the share that has come to an event which is under way."""

    event: Event
    fill: float
    wait: int = 0
    absent: float = 0.0
    here: float = 0.0
    invite: dict[str, Any] | None = None
    invite_now: dict[str, Any] | None = None
    invite_draft: dict[str, Any] | None = None


def undertakings(db: Session, draw: Drawing, *, by: int) -> list[Undertaking]:
    """All events of the demo, planned by `by` and published in their time; nobody signed up yet."""
    kinds = {kind.code: kind for kind in db.scalars(select(EventKind))}
    made = []
    for row in [row for name in ("past", "coming", "today") for row in _rows(name)]:
        kind = kinds[_kind_code(row["kind"], draw.today)]
        spec = {**kind.starting, **row}
        event = _planned(db, draw, kind, spec, by)
        _note_cost(db, draw, event, row.get("cost"), by)
        _hand_out(db, event, row.get("documents", ()), by)
        made.append(Undertaking(event, **{name: row[name] for name in _OF_DEMO if name in row}))
    return made


def _note_cost(
    db: Session, draw: Drawing, event: Event, cost: dict[str, Any] | None, by: int
) -> None:
    """The day after it ended, or before it where only a plan is known."""
    if cost is not None:
        costs.note(
            db,
            event,
            planned_fen=cost["planned_fen"],
            actual_fen=cost.get("actual_fen"),
            words=cost["words"],
            by=by,
            now=min(draw.now, event.ends_at + timedelta(days=1)),
        )


def _hand_out(db: Session, event: Event, rows: Iterable[dict[str, Any]], by: int) -> None:
    """The documents of an event, as simple sheets."""
    for row in rows:
        audience = DocumentFor(row["audience"])
        kind, content = documents.read(paper.sheet(row["title_zh"], row["lines"]))
        sheet = documents.Sheet(row["title_zh"], row["title_en"], audience, kind, content)
        documents.add(db, event, sheet, by=by, now=event.created_at)


def _rows(name: str) -> list[dict[str, Any]]:
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    rows: list[dict[str, Any]] = tables["events"]
    return rows


def _kind_code(code: str, today: date) -> str:
    """The check of the coming season, or the one of the season that went by."""
    summer = 4 <= today.month <= 9
    if code == "season:coming":
        return "summer-air" if summer else "winter-safety"
    if code == "season:past":
        return "winter-safety" if summer else "summer-air"
    return code


def _planned(db: Session, draw: Drawing, kind: EventKind, spec: dict[str, Any], by: int) -> Event:
    plan = _plan(draw, kind, spec)
    assert plan.register_from is not None
    out = min(plan.register_from - timedelta(hours=1), draw.now - timedelta(days=1))
    now = out - timedelta(days=_DAYS_TO_PREPARE)
    event = programme.draft(db, the_shop(db), kind, plan, by=by, now=now)
    first = _day(draw.today, spec)
    parts.set_agenda(db, event, _agenda(draw, first, spec), by=by, now=now)
    steps = [StepLine(**row) for row in spec.get("steps", ())]
    hosts = [HostLine(**row) for row in spec.get("hosts", ())]
    parts.set_hosts(db, event, hosts, by=by, now=now)
    parts.set_steps(db, event, steps, by=by, now=now)
    items = [ChecklistLine(**row) for row in spec.get("checklist", ())]
    parts.set_checklist(db, event, items, by=by, now=now)
    questions.set_questions(db, event, _questions(spec), by=by, now=now)
    _count_places(db, draw, event, spec, by, now)
    if not spec.get("draft", False):
        programme.publish(db, event, by=by, now=out)
    return event


def _plan(draw: Drawing, kind: EventKind, spec: dict[str, Any]) -> planning.Plan:
    """The event's own texts over those of its kind, with its days worked out."""
    first = _day(draw.today, spec)
    last = first + timedelta(days=spec.get("days", 1) - 1)
    opens = min(first, draw.today) - timedelta(days=_SIGN_UP_DAYS)
    if "opens_in" in spec:
        opens = draw.today + timedelta(days=spec["opens_in"])
    closes = _at(draw, first - timedelta(days=1), "18:00")
    kept = timedelta(days=spec.get("kept_days", 1) - 1)
    texts = {name: _text(spec[name]) for name in planning.names() if name in spec}
    return planning.Plan(
        **texts
        | {
            "unit": Unit(kind.unit),
            "starts_at": _at(draw, first, spec["starts"]),
            "ends_at": _at(draw, last, spec["ends"]),
            "register_from": _at(draw, opens, "10:00"),
            "register_until": closes,
            "change_until": closes,
            "cancel_until": closes,
            "reserved_until": closes - kept if "reserved" in spec else None,
        }
    )


def _text(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _agenda(draw: Drawing, first: date, spec: dict[str, Any]) -> list[AgendaLine]:
    return [
        AgendaLine(
            _at(draw, first + timedelta(days=row.get("day", 1) - 1), row["at"]),
            **{name: text for name, text in row.items() if name not in ("day", "at")},
        )
        for row in spec.get("agenda", ())
    ]


def _questions(spec: dict[str, Any]) -> list[QuestionLine]:
    rows = spec.get("questions", ())
    return [QuestionLine(**row | {"kind": QuestionKind(row["kind"])}) for row in rows]


def _count_places(
    db: Session, draw: Drawing, event: Event, spec: dict[str, Any], by: int, now: datetime
) -> None:
    """Places of each session, or of the whole event by its unit; the stock of gifts."""
    if "slots" in spec:
        lines = _slots(draw, _day(draw.today, spec), spec)
        sessions.set_sessions(db, event, lines, by=by, now=now)
    else:
        kind = programme.unit_quota(event.unit)
        seats.set_capacity(db, event, kind, spec["capacity"], by=by, now=now)
    if "gift_stock" in spec:
        seats.set_capacity(db, event, QuotaKind.GIFT, spec["gift_stock"], by=by, now=now)
    reserving.keep_places(db, event, by=by, now=now)


def _slots(draw: Drawing, first: date, spec: dict[str, Any]) -> list[SessionLine]:
    """The bookable times of each day, without the pause."""
    slots = spec["slots"]
    length = timedelta(minutes=slots["minutes"])
    found = []
    for number in range(spec.get("days", 1)):
        day = first + timedelta(days=number)
        start, end = _at(draw, day, slots["from"]), _at(draw, day, slots["until"])
        rest, resume = (_at(draw, day, text) for text in slots["pause"])
        while start + length <= end:
            if not rest <= start < resume:
                found.append(SessionLine(start, start + length, slots["places"]))
            start += length
    return found


def _day(today: date, spec: dict[str, Any]) -> date:
    """So many days from the anchor day, moved on to the weekday of the table if it names one."""
    day = today + timedelta(days=spec["on"])
    if "weekday" not in spec:
        return day
    return day + timedelta(days=(spec["weekday"] - day.isoweekday()) % 7)


def _at(draw: Drawing, day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), draw.zone)
