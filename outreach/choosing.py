"""From what staff ticked to a rule tree, and back to words."""

from collections.abc import Sequence
from typing import Protocol

from events.models import Event
from foundation.words import N_
from outreach.rules import (
    WRONG,
    Agrees,
    Attended,
    Drives,
    Every,
    InTier,
    Likes,
    Points,
    Powered,
    Rule,
    Visited,
    WrongRule,
    from_json,
    to_json,
)


class Ticked(Protocol):
    """The fields of a form, several values each."""

    def getlist(self, key: str, /) -> Sequence[str]: ...


NO_NUMBER = N_("Please write whole numbers for points and for events attended.")
NAMES = ("likes", "likes_all", "tier", "model", "energy", "agrees", "visit", "points", "attended")


def rule_of(ticked: Ticked) -> Every:
    """The rule of the ticked boxes; WrongRule for values that are none of ours.

    `visit` is "within:3" for a visit in the last three months, "none:6" for none in six.
    """
    parts: list[Rule] = []
    likes = _some(ticked, "likes")
    if likes:
        parts.append(Likes(likes, bool(_some(ticked, "likes_all"))))
    for name, kind in (("tier", InTier), ("model", Drives), ("energy", Powered)):
        chosen = _some(ticked, name)
        if chosen:
            parts.append(kind(chosen))
    parts += [Agrees(topic) for topic in _some(ticked, "agrees")]
    how, _colon, months = _first(ticked, "visit").partition(":")
    if months.isdecimal():
        parts.append(Visited(int(months), how == "within"))
    for name, number in (("points", Points), ("attended", Attended)):
        typed = _first(ticked, name)
        if typed and not typed.isdecimal():
            raise WrongRule(NO_NUMBER)
        if typed and int(typed):
            parts.append(number(int(typed)))
    checked = from_json(to_json(Every(tuple(parts))))
    assert isinstance(checked, Every)
    return checked


def may_come_to(event: Event) -> Every:
    """Whoever an event is meant for; everybody where it has no condition. Who is invited may come
    to one by invitation."""
    parts: list[Rule] = []
    if event.for_models:
        parts.append(Drives(tuple(event.for_models)))
    if event.for_energies:
        parts.append(Powered(tuple(event.for_energies)))
    if event.for_tiers:
        parts.append(InTier(tuple(event.for_tiers)))
    if event.interests_only:
        parts.append(Likes(tuple(event.interests), False))
    return Every(tuple(parts))


def ticked_of(rule: Rule) -> list[tuple[str, str]]:
    """The boxes that make this rule, as (name, value); WrongRule for one that no boxes make."""
    if not isinstance(rule, Every):
        raise WrongRule(WRONG)
    return [pair for part in rule.of for pair in _boxes_of(part)]


def _boxes_of(part: Rule) -> list[tuple[str, str]]:
    match part:
        case Likes(codes, every):
            return [*(("likes", code) for code in codes), *([("likes_all", "1")] if every else [])]
        case InTier(names):
            return [("tier", name) for name in names]
        case Drives(names):
            return [("model", name) for name in names]
        case Powered(names):
            return [("energy", name) for name in names]
        case Agrees(topic):
            return [("agrees", topic)]
        case Visited(months, within):
            return [("visit", f"{'within' if within else 'none'}:{months}")]
        case Points(number):
            return [("points", str(number))]
        case Attended(number):
            return [("attended", str(number))]
    raise WrongRule(WRONG)


def _some(ticked: Ticked, name: str) -> tuple[str, ...]:
    return tuple(value for value in ticked.getlist(name) if value)


def _first(ticked: Ticked, name: str) -> str:
    return next(iter(_some(ticked, name)), "").strip()
