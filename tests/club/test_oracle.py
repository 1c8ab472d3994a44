"""The quick rules against a plain recomputation that knows nothing of them.

The oracle goes through the shop's days one by one, with every purchase in a list, and asks the
whole list again each time. Ledgers are generated in the shape of a real one: months of purchases,
a fifth of them returned, mostly without a link.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from club import checking, ledger
from club.history import spends_of
from club.rules_in_force import rule_book
from club.tier_path import at_end_of, walk
from members.models import OrderLine, Owner
from tests.club import scene

START = date(2023, 1, 31)
STEPS = ((20_000_00, 200), (8_000_00, 150), (3_000_00, 120), (0, 100))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Move:
    """A purchase, or a refund with or without the number of what it takes back."""

    on: date
    number: str
    fen: int
    refund_of: str | None = None


def back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def level(fen: int) -> int:
    return next(place for place, (least, _) in enumerate(STEPS) if fen >= least)


def level_at(bought: Sequence[tuple[date, int]], day: date) -> int:
    """The level on a day before its review, day by day from the first purchase; 3 is lowest."""
    held, until, today = 3, None, START
    while today <= day:
        window = sum(fen for on, fen in bought if back(today, 12) < on <= today)
        if level(window) < held:
            held, until = level(window), back(today, -12)
        if until == today and today < day:
            held = held if level(window) <= held else held + 1
            until = back(today, -12) if held < 3 else None
        today += DAY
    return held


def recomputed(moves: Sequence[Move], day: date) -> tuple[int, int]:
    """Points of all lines and the level at the end of a day."""
    bought: dict[str, list[int]] = {}
    days: dict[str, date] = {}
    for move in sorted(moves, key=lambda each: (each.on, each.fen < 0, each.number)):
        if move.fen >= 0:
            standing = [(days[number], left) for number, (left, _) in bought.items()]
            before = level_at(standing, move.on)
            bought[move.number], days[move.number] = [move.fen, STEPS[before][1]], move.on
            continue
        left = -move.fen
        newest = sorted(bought, key=lambda number: (days[number], number), reverse=True)
        for number in [move.refund_of] if move.refund_of else newest:
            taken = min(left, bought[number][0])
            bought[number][0] -= taken
            left -= taken
    points = sum(left * times // 10000 for left, times in bought.values())
    standing = [(days[number], left) for number, (left, _) in bought.items()]
    return points, level_at(standing, day + DAY)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Move]:
    moves: list[Move] = []
    for place in range(draw(st.integers(1, 9))):
        on = START + timedelta(days=draw(st.integers(0, 900)))
        fen = draw(
            st.sampled_from([0, 99, 15_050, 99_99, 3_000_00, 7_999_99, 12_345_67, 77_183_60])
        )
        moves.append(Move(on, f"{place:03d}", fen))
        if draw(st.integers(0, 3)) == 0:
            later = on + timedelta(days=draw(st.integers(0, 200)))
            share = draw(st.sampled_from([1, 2, 3]))
            link = f"{place:03d}" if draw(st.booleans()) else None
            moves.append(Move(later, f"C{place:03d}", -(fen // share) - 1, link))
    return moves


def told(db: Session, who: Owner, moves: Sequence[Move]) -> list[OrderLine]:
    lines: dict[str, OrderLine] = {}
    for move in sorted(moves, key=lambda each: each.fen < 0):
        link = lines[move.refund_of].id if move.refund_of else None
        number = f"{who.id}-{move.number}"
        lines[move.number] = scene.line(db, who, move.on, move.fen, no=number, refund_of_id=link)
    return list(lines.values())


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=ledgers(), order=st.randoms(use_true_random=False))
def test_the_rules_agree_with_a_plain_recomputation(
    db: Session, moves: list[Move], order: object
) -> None:
    """Points and tier of any ledger, told in any order in one file.

    Red when the multiplier is taken after the order, when refunds walk the oldest lines first,
    when a review falls by two, and when refunds of a day come before its purchases.
    """
    who = scene.owner(db)
    lines = told(db, who, moves)
    order.shuffle(lines)  # type: ignore[attr-defined]
    scene.settle(db, *lines)
    end = max(move.on for move in moves)
    path = at_end_of(walk(rule_book(db), spends_of(db, [who.id])[who.id]), end)
    assert (ledger.balance(db, who.id), 3 - path.tier.rank) == recomputed(moves, end)
    assert list(checking.differences(db)) == []
