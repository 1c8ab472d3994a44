"""What is different between two rule sets, number by number, and whether anybody loses by it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from club.models import BonusKind, TierCode
from club.rules import Campaign, Rules
from members.models import NEVER_EARN, OrderKind


@dataclass(frozen=True, slots=True)
class Change:
    """One number before and after; None is not there. `what` names it, `key` which of them.

    Of a campaign `old` and `new` say the days and limits too.
    """

    what: str
    key: str
    before: int | None
    after: int | None
    worse: bool
    old: Campaign | None = None
    new: Campaign | None = None


def changes(before: Rules, after: Rules, *, from_on: date) -> list[Change]:
    """All differences; a campaign that is over before the first day takes nothing from anybody."""
    return [
        *_numbers(before, after),
        *_tiers(before, after),
        *_rates(before, after),
        *_bonuses(before, after),
        *_campaigns(before, after, from_on),
    ]


def anybody_worse(before: Rules, after: Rules, *, from_on: date) -> bool:
    """Whether any number of the new rules is worse for members."""
    return any(change.worse for change in changes(before, after, from_on=from_on))


def label_of(change: Change) -> str:
    """The kind of work or of bonus that changes, as a marked word; empty for anything else."""
    labels = {"rate": OrderKind, "bonus": BonusKind}.get(change.what, ())
    return next((one.label for one in labels if one.value == change.key), "")


def mark_of(rules: Rules) -> str:
    """A mark that two rule sets share only when all their numbers are the same."""
    numbers = asdict(rules)
    for name in ("version_id", "starts_on", "notice_from", "judges"):
        del numbers[name]
    for one in numbers["campaigns"]:
        del one["id"]
        one |= {name: sorted(one[name]) for name in ("kinds", "tiers", "energies")}
    text = json.dumps(numbers, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _numbers(before: Rules, after: Rules) -> Iterator[Change]:
    for what in ("window_months", "keep_months", "points_live_months", "base_rate"):
        yield from _less_is_worse(what, "", getattr(before, what), getattr(after, what))


def _tiers(before: Rules, after: Rules) -> Iterator[Change]:
    for old, new in zip(before.tiers, after.tiers, strict=True):
        if old.threshold_fen != new.threshold_fen:
            worse = new.threshold_fen > old.threshold_fen
            fen = (old.threshold_fen, new.threshold_fen)
            yield Change("threshold", old.tier.value, *fen, worse)
        yield from _less_is_worse("multiplier", old.tier.value, old.multiplier, new.multiplier)


def _rates(before: Rules, after: Rules) -> Iterator[Change]:
    for kind in OrderKind:
        own = kind.value in before.rates or kind.value in after.rates
        if own and kind not in NEVER_EARN:
            yield from _less_is_worse("rate", kind.value, before.base(kind), after.base(kind))


def _bonuses(before: Rules, after: Rules) -> Iterator[Change]:
    for kind in BonusKind:
        yield from _less_is_worse("bonus", kind.value, before.bonus(kind), after.bonus(kind))


def _campaigns(before: Rules, after: Rules, from_on: date) -> Iterator[Change]:
    old = {one.name_zh: one for one in before.campaigns}
    new = {one.name_zh: one for one in after.campaigns}
    for name, one in old.items():
        other = new.get(name)
        if other is None and one.until_on >= from_on:
            yield Change("campaign", name, one.hundredths, None, True, one)
        elif other is not None and _as_said(one) != _as_said(other):
            worse = one.until_on >= from_on and not _covers(other, one, from_on)
            yield Change("campaign", name, one.hundredths, other.hundredths, worse, one, other)
    for name, one in new.items():
        if name not in old:
            yield Change("campaign", name, None, one.hundredths, False, None, one)


def _as_said(one: Campaign) -> tuple[object, ...]:
    return (one.from_on, one.until_on, one.hundredths, one.kinds, one.tiers, one.energies)


def _covers(new: Campaign, old: Campaign, from_on: date) -> bool:
    """Whether whoever takes part in the old one from now on gets as much from the new one."""
    limits = ((new.kinds, old.kinds), (new.tiers, old.tiers), (new.energies, old.energies))
    return (
        new.hundredths >= old.hundredths
        and new.from_on <= max(old.from_on, from_on)
        and new.until_on >= old.until_on
        and all(not wide or (narrow and narrow <= wide) for wide, narrow in limits)
    )


def _less_is_worse(what: str, key: str, before: int, after: int) -> Iterator[Change]:
    if before != after:
        yield Change(what, key, before, after, after < before)


def final_rates(rules: Rules) -> list[tuple[OrderKind | None, list[tuple[TierCode, int]]]]:
    """Hundredths by kind of work and tier, without campaigns; None is an order without a kind."""
    kinds: list[OrderKind | None] = [kind for kind in OrderKind if kind not in NEVER_EARN]
    return [(kind, list(rules.tier_rates(kind))) for kind in [None, *kinds]]
