"""What may stand in an event's own words for a letter: named holes, and what fills them (R45)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events import letters
from events.models import Event, LetterKind
from foundation.own_words import Link, Span, Value, Word
from foundation.words import N_


@dataclass(frozen=True, slots=True)
class Hole:
    """A named place in own words, by either of its names, and what comes to stand in it."""

    code: str
    code_zh: str
    label: str


_ALWAYS = (
    Hole("name", "姓名", N_("the member’s name")),
    Hole("event", "活动", N_("the title of the event")),
    Hole("when", "时间", N_("from when until when")),
    Hole("place", "地点", N_("the place")),
    Hole("address", "地址", N_("the address")),
    Hole("party", "人数", N_("how many people they signed up")),
    Hole("link", "链接", N_("where the button leads")),
)
_MORE: Mapping[LetterKind, tuple[Hole, ...]] = {
    LetterKind.OFFER: (Hole("until", "截止", N_("until when the offer holds")),),
    LetterKind.EVENT_CANCELLED: (
        Hole("reason", "原因", N_("the reason you give when you cancel")),
    ),
    LetterKind.CHANGED: (Hole("car", "车辆", N_("the model and plate of their car")),),
    LetterKind.CHECK_READY: (
        Hole("plate", "车牌", N_("the plate of the car")),
        Hole("good", "良好", N_("how many points are good")),
        Hole("soon", "近期", N_("how many points need a hand soon")),
        Hole("now", "现在", N_("how many points need a hand now")),
    ),
    LetterKind.NO_SHOW: (
        Hole("number", "次数", N_("how many events they have missed, this one included")),
        Hole("months", "月数", N_("for how many months a missed event counts")),
    ),
    LetterKind.NO_SHOW_DECIDED: (
        Hole("decision", "结论", N_("whether it still counts, in a sentence")),
        Hole("answer", "答复", N_("the answer of whoever decided, if they wrote one")),
    ),
}
_EXCUSED = N_("The missed event does not count any more.")
_STANDS = N_("The missed event stays in your list.")


def holes_of(kind: LetterKind | None) -> tuple[Hole, ...]:
    """What may stand in words of this kind; None is a message of staff."""
    return _ALWAYS + (_MORE.get(kind, ()) if kind else ())


def filled(kind: LetterKind | None, details: Mapping[str, Any], path: str) -> dict[str, Value]:
    """What fills the holes of a letter, by either name of each."""
    values = _values(details, path)
    return {
        name: values[hole.code] for hole in holes_of(kind) for name in (hole.code, hole.code_zh)
    }


def _values(details: Mapping[str, Any], path: str) -> dict[str, Value]:
    starts, ends = (datetime.fromisoformat(details[name]) for name in ("starts_at", "ends_at"))
    until = details.get("offer_until")
    return {
        "name": details["name"],
        "event": details["title"],
        "when": Span(starts, ends),
        "place": details["place"],
        "address": details["address"],
        "party": str(details["party_size"]),
        "link": Link(path),
        "until": datetime.fromisoformat(until) if until else "",
        "reason": details.get("reason") or "",
        "car": details.get("car") or "",
        "plate": details.get("plate") or "",
        "good": str(details.get("good", "")),
        "soon": str(details.get("soon", "")),
        "now": str(details.get("urgent", "")),
        "number": str(details.get("grade", "")),
        "months": str(details.get("months", "")),
        "decision": Word(_EXCUSED if details.get("excused") else _STANDS),
        "answer": details.get("answer") or "",
    }


def sample_details(event: Event, name: str, language: str, *, now: datetime) -> dict[str, Any]:
    """What a letter to nobody tells, as its readers will read theirs."""
    return {
        "name": name,
        "party_size": 2,
        "path": f"/events/{event.id}",
        "offer_until": now.isoformat(),
        "reason": "",
        "by_staff": False,
        "points": 0,
        "car": "",
        "has_place": True,
        "plate": "浙A88888",
        "good": 16,
        "soon": 2,
        "urgent": 1,
        "again": False,
        "grade": 1,
        "months": 12,
        "excused": True,
        "answer": "",
        **letters.event_details(event, language),
    }
