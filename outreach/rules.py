"""Rule trees that choose members: dataclasses on one side, JSON on the other, never SQL (R42)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from club.models import TierCode
from foundation.refusals import Refusal
from foundation.words import N_
from members.models import Energy
from outreach.models import Topic

MOST_LEAVES, DEEPEST, MOST_NAMES = 40, 6, 200
WRONG = N_("This choice of members cannot be read. Please choose again.")


class WrongRule(Refusal):
    """The JSON is not a rule tree of ours."""


@dataclass(frozen=True, slots=True)
class Every:
    """All of the rules hold; an empty one holds for every member."""

    of: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the rules holds."""

    of: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


@dataclass(frozen=True, slots=True)
class Likes:
    """Any, or all, of these interests, by their codes."""

    codes: tuple[str, ...]
    all: bool = False


@dataclass(frozen=True, slots=True)
class InTier:
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drives:
    """Has a car of one of these models today."""

    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Powered:
    """Has a car with one of these kinds of energy today."""

    energies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit within the last `months`; turned round: none within them, or never."""

    months: int
    within: bool = True


@dataclass(frozen=True, slots=True)
class Orders:
    at_least: int


@dataclass(frozen=True, slots=True)
class Points:
    at_least: int


@dataclass(frozen=True, slots=True)
class Attended:
    at_least: int


@dataclass(frozen=True, slots=True)
class Agrees:
    topic: str


Rule = (Every | Either | Not | Likes | InTier | Drives | Powered | Visited | Orders | Points) | (
    Attended | Agrees
)


def to_json(rule: Rule) -> dict[str, Any]:
    """The tree as it is kept with a segment or a campaign."""
    match rule:
        case Every(of):
            return {"every": [to_json(part) for part in of]}
        case Either(of):
            return {"either": [to_json(part) for part in of]}
        case Not(inner):
            return {"not": to_json(inner)}
        case Likes(codes, every):
            return {"likes": list(codes), "all": every}
        case InTier(names):
            return {"tier": list(names)}
        case Drives(names):
            return {"model": list(names)}
        case Powered(names):
            return {"energy": list(names)}
        case Visited(months, within):
            return {"visited_months": months, "within": within}
        case Orders(number):
            return {"orders": number}
        case Points(number):
            return {"points": number}
        case Attended(number):
            return {"attended": number}
        case Agrees(topic):
            return {"agrees": topic}


def from_json(data: Any) -> Rule:
    """The tree of this JSON, with every name and number checked; WrongRule otherwise."""
    rule = _read(data, 0)
    if sum(1 for _leaf in leaves(rule)) > MOST_LEAVES:
        raise WrongRule(WRONG)
    return rule


def leaves(rule: Rule) -> Iterator[Rule]:
    """The single conditions of a tree."""
    match rule:
        case Every(of) | Either(of):
            for part in of:
                yield from leaves(part)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield rule


def _read(data: Any, depth: int) -> Rule:
    if not isinstance(data, dict) or depth > DEEPEST:
        raise WrongRule(WRONG)
    match data:
        case {"every": list(of), **rest} if not rest:
            return Every(tuple(_read(part, depth + 1) for part in of))
        case {"either": list(of), **rest} if not rest and of:
            return Either(tuple(_read(part, depth + 1) for part in of))
        case {"not": dict(inner), **rest} if not rest:
            return Not(_read(inner, depth + 1))
    return _leaf(data)


def _leaf(data: dict[str, Any]) -> Rule:
    match data:
        case {"likes": names, "all": bool(every), **rest} if not rest:
            return Likes(_names(names), every)
        case {"tier": names, **rest} if not rest:
            return InTier(_names(names, {tier.value for tier in TierCode}))
        case {"model": names, **rest} if not rest:
            return Drives(_names(names))
        case {"energy": names, **rest} if not rest:
            return Powered(_names(names, {kind.value for kind in Energy}))
        case {"visited_months": months, "within": bool(within), **rest} if not rest:
            return Visited(_number(months, 1, 120), within)
        case {"orders": number, **rest} if not rest:
            return Orders(_number(number))
        case {"points": number, **rest} if not rest:
            return Points(_number(number))
        case {"attended": number, **rest} if not rest:
            return Attended(_number(number))
        case {"agrees": str(topic), **rest} if not rest and Topic.of(topic):
            return Agrees(topic)
    raise WrongRule(WRONG)


def _names(value: Any, known: set[str] | None = None) -> tuple[str, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_NAMES:
        raise WrongRule(WRONG)
    for name in value:
        if not isinstance(name, str) or len(name) > 100 or (known and name not in known):
            raise WrongRule(WRONG)
    return tuple(value)


def _number(value: Any, low: int = 0, high: int = 1_000_000_000) -> int:
    if type(value) is not int or not low <= value <= high:
        raise WrongRule(WRONG)
    return value
