"""One owner's orders gone through again under a rule book, in the order in which they came in.

The same path through the tiers, the same rates and the same floor as in club/earning.py, over
plain rows and without writing: under the rules in force it gives what is in the ledger.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from club.models import TierCode
from club.rules import Rate, Work
from club.rules_in_force import RuleBook
from club.tier_path import Grant, Spend, TierPath, walk
from foundation.money import floor_points


class Told(NamedTuple):
    """When a line came in, and its turn among those of the same file; lines sort by it."""

    recorded_at: Any
    on: date
    is_refund: bool
    external_id: str
    source: str
    line_no: int

    @property
    def order(self) -> "Order":
        return self.on, self.external_id, self.source


Order = tuple[date, str, str]
"""Where the whole order of a purchase stands in time: its day, its number, whose number it is."""


class Place(NamedTuple):
    """Where a purchase stands in time."""

    order: Order
    line_no: int


@dataclass(slots=True)
class Line:
    """A purchase that counts: its fen as bought, what is left, what the ledger says it earned."""

    told: Told
    id: int
    fen: int
    fen_left: int
    kind: str | None
    energy: str | None
    hundredths: int
    points: int

    @property
    def on(self) -> date:
        return self.told.on


@dataclass(slots=True)
class Cut:
    """What a refund line took off a purchase."""

    told: Told
    line_id: int
    fen: int


@dataclass(slots=True)
class Orders:
    """All that counts of one owner."""

    owner_id: int
    is_member: bool = False
    grants: Sequence[Grant] = ()
    lines: list[Line] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)


class Earned(NamedTuple):
    """What a purchase holds at the end, and the tier before its order."""

    line: Line
    tier: TierCode
    rate: Rate
    points: int


@dataclass
class Replay:
    """Goes through the orders of many owners under one book; rates are worked out once each."""

    book: RuleBook
    _rates: dict[tuple[str | None, str | None, TierCode, date], Rate] = field(default_factory=dict)

    def of(self, orders: Orders, until: date) -> tuple[list[Earned], TierPath]:
        """What each purchase holds, and the path after the last moment of a day."""
        if orders.cuts or not _in_time(orders.lines):
            held, path = self._step_by_step(orders)
        else:
            held, path = self._straight(orders)
        path.close_day(until)
        return held, path

    def rate(self, kind: str | None, energy: str | None, tier: TierCode, on: date) -> Rate:
        """The rate of a line, remembered."""
        key = (kind, energy, tier, on)
        found = self._rates.get(key)
        if found is None:
            found = self.book.on(on).rate(Work(kind, energy), tier, on)
            self._rates[key] = found
        return found

    def _straight(self, orders: Orders) -> tuple[list[Earned], TierPath]:
        """Nothing came late and nothing came back: one pass."""
        path, held = TierPath(self.book, grants=orders.grants), []
        order, tier = None, path.tier
        for line in orders.lines:
            on = line.told.on
            if order != line.told.order:
                path.pass_reviews(on)
                order, tier = line.told.order, path.tier
            rate = self.rate(line.kind, line.energy, tier, on)
            held.append(Earned(line, tier, rate, floor_points(line.fen, rate.hundredths)))
            path.take(Spend(on, line.fen, line.id))
        return held, path

    def _step_by_step(self, orders: Orders) -> tuple[list[Earned], TierPath]:
        way = _Way(self, orders.grants)
        steps: list[Line | Cut] = [*orders.lines, *orders.cuts]
        for step in sorted(steps, key=lambda one: one.told):
            way.begin(step.told)
            if isinstance(step, Line):
                way.buy(step)
            else:
                way.give_back(step)
        return list(way.earned()), way.path


@dataclass
class _Way:
    """The purchases of one owner so far, for what comes late and what comes back."""

    replay: Replay
    grants: Sequence[Grant]
    path: TierPath = field(init=False)
    file: Any = None
    order: list[tuple[Place, int]] = field(default_factory=list)
    left: dict[int, int] = field(default_factory=dict)
    lines: dict[int, tuple[Line, TierCode, Rate]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.path = TierPath(self.replay.book, grants=self.grants)

    def begin(self, told: Told) -> None:
        """Another file may go back in time: no review of a later day has been held for it."""
        if told.recorded_at != self.file:
            self.file = told.recorded_at
            self.path = self._walk(self.order)

    def buy(self, line: Line) -> None:
        """A purchase in its place, with the tier that the orders before its own lead to."""
        told = line.told
        place = (Place(told.order, told.line_no), line.id)
        late = bool(self.order) and place < self.order[-1]
        earlier = bisect_left(self.order, told.order, key=lambda one: one[0].order)
        follows = earlier == len(self.order)
        before = self.path if follows else self._walk(self.order[:earlier])
        before.pass_reviews(told.on)
        rate = self.replay.rate(line.kind, line.energy, before.tier, told.on)
        self.lines[line.id] = (line, before.tier, rate)
        self.left[line.id] = line.fen
        insort(self.order, place)
        if late:
            self.path = self._walk(self.order)
        else:
            self.path.take(Spend(told.on, line.fen, line.id))

    def give_back(self, cut: Cut) -> None:
        """Fen off a purchase; the path is walked again as if they had never been spent."""
        self.left[cut.line_id] -= cut.fen
        self.path = self._walk(self.order)
        self.path.pass_reviews(cut.told.on)

    def earned(self) -> Iterator[Earned]:
        for line_id, (line, tier, rate) in self.lines.items():
            yield Earned(line, tier, rate, floor_points(self.left[line_id], rate.hundredths))

    def _walk(self, order: Sequence[tuple[Place, int]]) -> TierPath:
        spends = (
            Spend(place.order[0], self.left[line_id], line_id)
            for place, line_id in order
            if self.left[line_id]
        )
        return walk(self.replay.book, spends, self.grants)


def _in_time(lines: Sequence[Line]) -> bool:
    """Whether the lines, sorted as they came in, are in the order of their days as well."""
    last: Place | None = None
    for line in lines:
        place = Place(line.told.order, line.told.line_no)
        if last is not None and place < last:
            return False
        last = place
    return True
