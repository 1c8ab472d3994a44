"""What a trial counts: each owner under the rules as they are and under the draft, side by side."""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from club.models import TierCode
from club.replay import Earned, Orders, Replay
from club.replay_rows import orders_of
from club.rules import folded
from club.rules_in_force import RuleBook
from club.tier_path import TierPath
from foundation import clock
from foundation.money import floor_points

MOST_NAMED = 50
"""Owners of each kind that the result names."""


@dataclass(frozen=True)
class Question:
    """Two books, the period in which they differ, and the workshop discounts in percent."""

    now: RuleBook
    draft: RuleBook
    since: date
    as_of: date
    percents: Mapping[tuple[str, str], int]

    def lives(self, book: RuleBook, on: date) -> bool:
        """Whether points of a day have not reached their last one under a book."""
        return clock.add_months(on, book.on(on).points_live_months) >= self.as_of


@dataclass
class Side:
    """Sums under one book. `points` are of all orders; the rest is of the period alone, but for
    `alive`: what has not reached its last day, were nothing spent."""

    points: int = 0
    issued: int = 0
    base: int = 0
    by_tier: int = 0
    by_campaign: int = 0
    alive: int = 0
    discount_fen: int = 0
    months: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    member_tiers: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Side") -> None:
        """Another part of the same side."""
        for name in ("points", "issued", "base", "by_tier", "by_campaign", "alive", "discount_fen"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("months", "tiers", "member_tiers"):
            getattr(self, name).update(getattr(other, name))


Named = tuple[int, int, str, str, int, int]
"""How much it matters, owner, tier now, tier with the draft, points now, points with the draft."""


@dataclass
class Tally:
    """Everything that one part, or all together, came to."""

    owners: int = 0
    members: int = 0
    lines: int = 0
    better: int = 0
    worse: int = 0
    unlike: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    now: Side = field(default_factory=Side)
    draft: Side = field(default_factory=Side)
    rises: list[Named] = field(default_factory=list)
    falls: list[Named] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Another part of the same trial."""
        for name in ("owners", "members", "lines", "better", "worse", "unlike"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.moves.update(other.moves)
        self.now.add(other.now)
        self.draft.add(other.draft)
        self.rises = heapq.nlargest(MOST_NAMED, self.rises + other.rises)
        self.falls = heapq.nlargest(MOST_NAMED, self.falls + other.falls)


class Counting:
    """Goes through a part of the owners under both books."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.energy = question.now.asks_energy() or question.draft.asks_energy()
        self._now = _Scale(question, question.now)
        self._draft = _Scale(question, question.draft)

    def part(self, db: Connection, first: int, last: int, owners: int) -> Tally:
        """The tally of all owners from one id to another."""
        tally = Tally(owners=owners)
        seen = 0
        for orders in orders_of(db, first, last, energy=self.energy):
            self._count(tally, orders)
            seen += 1
        for side in (tally.now, tally.draft):
            side.tiers[TierCode.GENERAL.value] += owners - seen
        tally.rises = heapq.nlargest(MOST_NAMED, tally.rises)
        tally.falls = heapq.nlargest(MOST_NAMED, tally.falls)
        return tally

    def _count(self, tally: Tally, orders: Orders) -> None:
        until = self.question.as_of
        held, path = self._now.replay.of(orders, until)
        tally.unlike += sum(
            one.points != one.line.points or one.rate.hundredths != one.line.hundredths
            for one in held
        )
        points_now = self._now.count(tally.now, held, path, orders.is_member)
        held, with_draft = self._draft.replay.of(orders, until)
        points_draft = self._draft.count(tally.draft, held, with_draft, orders.is_member)
        tally.lines += len(held)
        tally.members += orders.is_member
        _compare(tally, orders.owner_id, path.tier, with_draft.tier, points_now, points_draft)


def _compare(
    tally: Tally, owner_id: int, now: TierCode, draft: TierCode, points_now: int, points_draft: int
) -> None:
    gained = points_draft - points_now
    if draft.rank < now.rank or gained < 0:
        tally.worse += 1
    elif draft.rank > now.rank or gained > 0:
        tally.better += 1
    if draft is now:
        return
    tally.moves[f"{now.value}>{draft.value}"] += 1
    named = (abs(gained), owner_id, now.value, draft.value, points_now, points_draft)
    (tally.rises if draft.rank > now.rank else tally.falls).append(named)


class _Scale:
    """Weighs what owners hold under one book; what depends on the day is worked out once."""

    def __init__(self, question: Question, book: RuleBook) -> None:
        self.question, self.book, self.replay = question, book, Replay(book)
        self._alive: dict[date, bool] = {}
        self._steps: dict[tuple[str | None, TierCode, date], tuple[int, int]] = {}

    def count(self, side: Side, held: list[Earned], path: TierPath, is_member: bool) -> int:
        """Add one owner; their points of the period."""
        since, issued = self.question.since, 0
        for one in held:
            on = one.line.told.on
            side.points += one.points
            if self._lives(on):
                side.alive += one.points
            if on >= since:
                issued += one.points
                self._weigh(side, one, on)
        side.issued += issued
        side.tiers[path.tier.value] += 1
        side.member_tiers[path.tier.value] += is_member
        return issued

    def _weigh(self, side: Side, one: Earned, on: date) -> None:
        """Where the points of a line come from, and what its discount is worth."""
        line, tier = one.line, one.tier
        base, with_tier = self._rates(line.kind, tier, on)
        plain, tiered = floor_points(line.fen_left, base), floor_points(line.fen_left, with_tier)
        side.base += plain
        side.by_tier += tiered - plain
        side.by_campaign += one.points - tiered
        side.months[on.isoformat()[:7]] += one.points
        percent = self.question.percents.get((line.kind or "", tier.value))
        if percent:
            side.discount_fen += line.fen_left * percent // 100

    def _lives(self, on: date) -> bool:
        alive = self._alive.get(on)
        if alive is None:
            alive = self._alive[on] = self.question.lives(self.book, on)
        return alive

    def _rates(self, kind: str | None, tier: TierCode, on: date) -> tuple[int, int]:
        found = self._steps.get((kind, tier, on))
        if found is None:
            rules = self.book.on(on)
            base = rules.base(kind)
            found = (base, folded(base, rules.multiplier(tier)))
            self._steps[kind, tier, on] = found
        return found
