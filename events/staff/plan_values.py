"""What the event editor shows: an event as it stands, or a kind's starting point."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from club.models import TierCode
from events import editing, questions, slots
from events.lines import QuestionLine
from events.models import Event, EventKind, QuotaKind, Unit
from events.planning import Plan

MOMENTS = (
    "starts_at",
    "ends_at",
    "register_from",
    "register_until",
    "change_until",
    "cancel_until",
    "reserved_until",
)
KEPT_FOR = [tier.value for tier in TierCode if tier != TierCode.GENERAL]
WEEKS_AHEAD = 4


def of_event(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    """The form's values of an event."""
    values = Plan.of(event).values()
    for name in MOMENTS:
        values[name] = _local(values[name], zone)
    first = values["starts_at"].date()
    return {
        **values,
        "unit": event.unit.value,
        "places": editing.capacity_of(event, editing.unit_quota_of(event)),
        "cars": _cars(event),
        "gifts": editing.capacity_of(event, QuotaKind.GIFT),
        **{
            f"tier_{tier.value}": editing.capacity_of(event, QuotaKind.TIER, tier.value)
            for tier in TierCode
        },
        **{f"reserved_{tier}": event.reserved.get(tier) for tier in KEPT_FOR},
        "agenda": [
            {
                **_row(line, "title_zh", "title_en", "about_zh", "about_en"),
                **_when(line.starts_at, first, zone, "at"),
            }
            for line in event.agenda
        ],
        "hosts": [_row(host, "name", "role_zh", "role_en", "phone") for host in event.hosts],
        "steps": [
            _row(step, "id", "name_zh", "name_en", "note_zh", "note_en") for step in event.steps
        ],
        "sessions": [
            {
                **_row(line, "id", "name_zh", "name_en"),
                "places": line.capacity,
                **_when(line.starts_at, first, zone, "starts"),
                "ends": line.ends_at.astimezone(zone).time(),
            }
            for line in editing.standing_sessions(event)
        ],
        "checklist": in_lines(event.checklist),
        "questions": [_question(line) for line in questions.standing_questions(event)],
    }


def _question(line: QuestionLine) -> dict[str, Any]:
    limits = line.limits or [None] * len(line.choices_zh)
    return {
        **_row(line, "id", "required", "text_zh", "text_en", "per_person"),
        "only_if": None if line.only_if is None else line.only_if + 1,
        "only_if_answer": _said(line.only_if_answer),
        "kind": line.kind.value,
        "choices_zh": "\n".join(
            name if limit is None else f"{name} | {limit}"
            for name, limit in zip(line.choices_zh, limits, strict=True)
        ),
        "choices_en": "\n".join(line.choices_en),
    }


def _said(answer: str | None) -> str | None:
    """Yes and no as the reader writes them; a choice as it is kept."""
    words = {questions.YES: gettext("Yes"), questions.NO: gettext("No")}
    return words.get(answer or "", answer)


def _cars(event: Event) -> int | None:
    """A further limit of cars, where it is people who are counted."""
    if event.unit == Unit.CAR:
        return None
    return editing.capacity_of(event, QuotaKind.CARS)


def of_kind(kind: EventKind, today: datetime) -> dict[str, Any]:
    """The form's values of a new event: the kind's texts, some weeks ahead on a Saturday."""
    start = dict(kind.starting)
    first = (today + timedelta(weeks=WEEKS_AHEAD)).date()
    first += timedelta(days=(5 - first.weekday()) % 7)
    days = int(start.get("days", 1))
    starts, ends = _clock(start.get("starts", "10:00")), _clock(start.get("ends", "12:00"))
    opens = datetime.combine(first, starts)
    return {
        **{name: value for name, value in start.items() if name not in ("slots", "days")},
        "unit": kind.unit.value,
        "starts_at": opens,
        "ends_at": datetime.combine(first + timedelta(days=days - 1), ends),
        "register_until": datetime.combine(first - timedelta(days=2), time(18)),
        "cancel_until": datetime.combine(first - timedelta(days=1), time(18)),
        "places": start.get("capacity"),
        "gifts": start.get("gift_stock"),
        "agenda": [
            {**row, "at": _clock(row["at"]), "day": row.get("day", 1)}
            for row in start.get("agenda", ())
        ],
        "checklist": "\n".join(_both(row) for row in start.get("checklist", ())),
        "questions": [
            {
                **row,
                "choices_zh": "\n".join(row.get("choices_zh", ())),
                "choices_en": "\n".join(row.get("choices_en", ())),
            }
            for row in start.get("questions", ())
        ],
        **_slots(start.get("slots"), days),
    }


def _slots(given: Mapping[str, Any] | None, days: int) -> dict[str, Any]:
    """A kind's slots: what they are made from, and the slots themselves."""
    if not given:
        return {}
    pause = tuple(_clock(text) for text in given.get("pause", ()))
    opens, closes = _clock(given["from"]), _clock(given["until"])
    both = (pause[0], pause[1]) if len(pause) == 2 else None
    made = slots.make_slots(days, opens, closes, given["minutes"], both)
    return {
        "slots": {
            "opens": opens,
            "closes": closes,
            "minutes": given["minutes"],
            "places": given["places"],
            **({"pause_from": pause[0], "pause_until": pause[1]} if both else {}),
        },
        "sessions": [
            {"day": slot.day, "starts": slot.starts, "ends": slot.ends, "places": given["places"]}
            for slot in made
        ],
    }


def in_lines(items: Iterable[Any]) -> str:
    """A checklist as it is typed: one item per line, `中文 | English`."""
    return "\n".join(_both({"name_zh": item.name_zh, "name_en": item.name_en}) for item in items)


def _both(row: Mapping[str, Any]) -> str:
    return f"{row['name_zh']} | {row['name_en']}" if row.get("name_en") else row["name_zh"]


def _row(thing: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _when(moment: datetime, first: Any, zone: ZoneInfo, name: str) -> dict[str, Any]:
    local = moment.astimezone(zone)
    return {"day": (local.date() - first).days + 1, name: local.time()}


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def _clock(text: str) -> time:
    return time.fromisoformat(text)
