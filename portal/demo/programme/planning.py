"""Events as the tables beside this file plan them, hung on the anchor day."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from events.models import (
    AgendaItem,
    CheckInStep,
    ChecklistItem,
    Event,
    EventKind,
    EventSession,
    EventState,
    Question,
    QuestionKind,
    Quota,
    QuotaKind,
    Unit,
)
from foundation.shop import the_shop
from portal.demo.people import Drawing

FOLDER = Path(__file__).parent
_TEXTS = ("title", "summary", "about", "bring", "offer", "gift", "gift_rule", "fee", "place")
_PLAIN = ("host", "edition", "address", "fee_fen", "one_per_car", "for_tiers", "for_models")
_ALSO_PLAIN = ("invited_only", "party_limit", "interests")
_SIGN_UP_DAYS = 35


@dataclass(slots=True)
class Plan:
    """An event with what the demo should make of it."""

    event: Event
    fill: float
    wait: int
    absent: float


def plans(db: Session, draw: Drawing) -> list[Plan]:
    """All events of the demo, stored, in the order of the tables; nobody signed up yet."""
    kinds = {kind.code: kind for kind in db.scalars(select(EventKind))}
    rows = [row for name in ("past", "coming") for row in _rows(name)]
    made = []
    for row in rows:
        kind = kinds[_kind_code(row["kind"], draw.today)]
        spec = {**kind.starting, **row}
        event = _event(db, draw, kind, spec)
        db.add(event)
        db.flush()
        _quotas(event, spec)
        made.append(Plan(event, row["fill"], row.get("wait", 0), row.get("absent", 0.0)))
    db.flush()
    return made


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))[
        "events"
    ]
    return rows


def _kind_code(code: str, today: date) -> str:
    """The check of the coming season, or the one of the season that went by."""
    summer = 4 <= today.month <= 9
    if code == "season:coming":
        return "summer-air" if summer else "winter-safety"
    if code == "season:past":
        return "winter-safety" if summer else "summer-air"
    return code


def _event(db: Session, draw: Drawing, kind: EventKind, spec: dict[str, Any]) -> Event:
    first = _day(draw.today, spec)
    last = first + timedelta(days=spec.get("days", 1) - 1)
    opened = min(first, draw.today) - timedelta(days=_SIGN_UP_DAYS)
    if "opens_in" in spec:
        opened = draw.today + timedelta(days=spec["opens_in"])
    published = min(_at(draw, opened, "09:00"), draw.now - timedelta(days=1))
    draft = spec.get("draft", False)
    event = Event(
        shop_id=the_shop(db).id,
        kind_id=kind.id,
        state=EventState.DRAFT if draft else EventState.PUBLISHED,
        uid=f"demo-{kind.code}-{first:%Y%m%d}@marque.example",
        unit=Unit(kind.unit),
        starts_at=_at(draw, first, spec["starts"]),
        ends_at=_at(draw, last, spec["ends"]),
        register_from=_at(draw, opened, "10:00"),
        register_until=_at(draw, first - timedelta(days=1), "18:00"),
        cancel_until=_at(draw, first - timedelta(days=1), "18:00"),
        published_at=None if draft else published,
        created_at=published - timedelta(days=3),
    )
    _write_texts(event, spec)
    event.agenda = _agenda(draw, first, spec)
    event.steps = _numbered(CheckInStep, spec.get("steps", ()))
    event.checklist = _numbered(ChecklistItem, spec.get("checklist", ()))
    event.questions = [
        Question(**row | {"kind": QuestionKind(row["kind"])}, position=place)
        for place, row in enumerate(spec.get("questions", ()), 1)
    ]
    event.sessions = _sessions(draw, first, spec)
    return event


def _write_texts(event: Event, spec: dict[str, Any]) -> None:
    for name in (*_PLAIN, *_ALSO_PLAIN):
        if name in spec:
            setattr(event, name, spec[name])
    for name in _TEXTS:
        for language in ("zh", "en"):
            text = spec.get(f"{name}_{language}")
            if text:
                setattr(event, f"{name}_{language}", text.strip())
    for language in ("zh", "en"):
        conditions = spec.get(f"conditions_{language}")
        if conditions:
            about = getattr(event, f"about_{language}")
            setattr(event, f"about_{language}", f"{about}\n\n{conditions}")


def _agenda(draw: Drawing, first: date, spec: dict[str, Any]) -> list[AgendaItem]:
    return [
        AgendaItem(
            position=place,
            starts_at=_at(draw, first, row["at"]),
            **{key: value for key, value in row.items() if key != "at"},
        )
        for place, row in enumerate(spec.get("agenda", ()), 1)
    ]


def _numbered(kind: type[Any], rows: Any) -> list[Any]:
    return [kind(**row, position=place) for place, row in enumerate(rows, 1)]


def _sessions(draw: Drawing, first: date, spec: dict[str, Any]) -> list[EventSession]:
    slots = spec.get("slots")
    if slots is None:
        return []
    length = timedelta(minutes=slots["minutes"])
    found = []
    for number in range(spec.get("days", 1)):
        day = first + timedelta(days=number)
        start, end = _at(draw, day, slots["from"]), _at(draw, day, slots["until"])
        rest, resume = (_at(draw, day, text) for text in slots["pause"])
        while start + length <= end:
            if not rest <= start < resume:
                found.append(EventSession(starts_at=start, ends_at=start + length))
            start += length
    return found


def _quotas(event: Event, spec: dict[str, Any]) -> None:
    """Places of each session, or of the whole event by its unit; the stock of gifts."""
    if event.sessions:
        event.quotas = [
            Quota(kind=QuotaKind.SESSION, session_id=one.id, capacity=spec["slots"]["places"])
            for one in event.sessions
        ]
    else:
        kind = QuotaKind.CARS if event.unit is Unit.CAR else QuotaKind.PEOPLE
        event.quotas = [Quota(kind=kind, capacity=spec["capacity"])]
    if "gift_stock" in spec:
        event.quotas.append(Quota(kind=QuotaKind.GIFT, capacity=spec["gift_stock"]))


def _day(today: date, spec: dict[str, Any]) -> date:
    day = today + timedelta(days=spec["on"])
    return day + timedelta(days=(spec["weekday"] - day.isoweekday()) % 7)


def _at(draw: Drawing, day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), draw.zone)
