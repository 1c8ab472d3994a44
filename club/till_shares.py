"""What came off an order, laid over its lines: pure arithmetic in whole fen, no database (R7).

What is known by kind of work is laid over the lines of that kind, in proportion; what finds no
room there over all that would earn. All shares together are exactly what was not paid with money.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from foundation.money import in_proportion
from members.models import NEVER_EARN, OrderLine, PaidBy

ANY: frozenset[str | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """So many fen off work of these kinds; `ANY` is every line, None one without a kind."""

    fen: int
    kinds: Collection[str | None] = ANY


@dataclass(frozen=True, slots=True)
class Taken:
    """What came off an order, in steps with parts each: the last step of the bill comes first.

    `before_fen` is what the lines of `bill_kinds` came to before, where anybody knows. Lines of
    their own, paid by one of `told_by`, tell it already.
    """

    steps: Sequence[Sequence[Part]]
    told_by: frozenset[PaidBy]
    before_fen: int | None = None
    bill_kinds: Collection[str | None] = ANY

    @property
    def fen(self) -> int:
        return sum(_sum(parts) for parts in self.steps)


def shares(lines: Sequence[OrderLine], taken: Iterable[Taken]) -> dict[int, int]:
    """What of each line was not paid with money; all of them are named."""
    ours = [line for line in lines if _earns(line)]
    found = {line.id: 0 for line in lines}
    for one in taken:
        if not any(line.paid_by in one.told_by for line in lines):
            over = _not_told(one, _of_kinds(ours, one.bill_kinds))
            for part in _parts(one.steps, over):
                over -= _spread(part.fen, _of_kinds(ours, part.kinds), found)
            _spread(over, ours, found)
    return found


def _not_told(one: Taken, lines: Sequence[OrderLine]) -> int:
    """As much of it as the file did not take off already, seen from what its lines come to."""
    if one.before_fen is None:
        return one.fen
    paid = one.before_fen - one.fen
    if sum(line.fen for line in lines if line.refund_of_id is None) == paid:
        return 0
    return min(one.fen, max(sum(line.fen for line in lines if line.fen > 0) - paid, 0))


def _parts(steps: Iterable[Sequence[Part]], over: int) -> Iterator[Part]:
    """The parts of so many fen. A file that told some of it told the first steps of the bill, as
    a discount in its prices; of a step that it told in part, so much of each kind of work."""
    for parts in steps:
        whole = _sum(parts)
        untold = in_proportion(min(over, whole), [part.fen for part in parts])
        yield from (Part(fen, part.kinds) for fen, part in zip(untold, parts, strict=True))
        over -= min(over, whole)


def _spread(over: int, lines: Sequence[OrderLine], found: dict[int, int]) -> int:
    """Lay it over what is left of the lines, never more than that; how much found room."""
    left = {line.id: line.fen - found[line.id] for line in lines if line.fen > 0}
    over = min(over, sum(left.values()))
    for line_id, share in zip(left, in_proportion(over, list(left.values())), strict=True):
        found[line_id] += share
    return over


def _sum(parts: Iterable[Part]) -> int:
    return sum(part.fen for part in parts)


def _of_kinds(lines: Sequence[OrderLine], kinds: Collection[str | None]) -> Sequence[OrderLine]:
    """The lines of this work; all of them where the file tells of none."""
    return [line for line in lines if line.kind in kinds] or lines


def _earns(line: OrderLine) -> bool:
    return line.paid_by is PaidBy.OWNER and line.kind not in NEVER_EARN
