"""Whatever a workshop corrects, in whatever order: its last words decide what is earned."""

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from club import checking, ledger
from members.models import OrderLine, PaidBy
from tests.club import scene
from tests.club.scene import TODAY, days

FEN = st.sampled_from([0, 1, 99, 1_00, 33_33, 50_00, 99_99, 100_00, 250_50])
BUY, REFUND, CORRECT = "buy", "refund", "correct"
OWNER, INSURER = PaidBy.OWNER, PaidBy.INSURANCE
SOLD = (BUY, 0, 100_00, OWNER)
ALL_BACK, HALF_BACK = (REFUND, 0, 99_99, OWNER), (REFUND, 0, 50_00, OWNER)
PAYER = st.sampled_from([OWNER, OWNER, INSURER])
ACTS = st.tuples(st.sampled_from([BUY, REFUND, CORRECT, CORRECT]), st.integers(0, 99), FEN, PAYER)


def stands(lines: list[OrderLine]) -> int:
    """The points of what the owner paid in the end: each purchase without the refunds of it."""
    points = 0
    for line in lines:
        if line.fen >= 0 and line.paid_by is PaidBy.OWNER:
            back = sum(
                -one.fen
                for one in lines
                if one.refund_of_id == line.id and one.paid_by is PaidBy.OWNER
            )
            points += max(line.fen - back, 0) // 100
    return points


@example(acts=[SOLD, ALL_BACK, (CORRECT, 1, 99_99, INSURER), (CORRECT, 1, 99_99, OWNER)])
@example(acts=[SOLD, HALF_BACK, HALF_BACK, (CORRECT, 0, 250_50, OWNER)])
@example(acts=[SOLD, ALL_BACK, HALF_BACK, (CORRECT, 0, 250_50, OWNER)])
@example(acts=[SOLD, ALL_BACK, HALF_BACK, (CORRECT, 1, 1_00, OWNER)])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, max_size=14))
def test_what_is_earned_is_what_the_last_words_come_to(db: Session, acts: list[Any]) -> None:
    """R1, R5, R7, R8: purchases, refunds that name them, and corrections of either, by amount or by
    payer. Red when a refund put back whole is taken as new, when it remembers only what it once
    found, when one that found nothing is forgotten, and when only a purchase lays them again."""
    who, lines = scene.owner(db), list[OrderLine]()
    for number, (act, at, fen, payer) in enumerate(acts):
        bought = [line for line in lines if line.refund_of_id is None]
        if act == CORRECT and lines:
            one = lines[at % len(lines)]
            one.fen, one.paid_by = (fen if one.refund_of_id is None else -fen - 1), payer
        elif act == REFUND and bought:
            link, on = bought[at % len(bought)].id, TODAY + days(number)
            one = scene.line(db, who, on, -fen - 1, refund_of_id=link, paid_by=payer)
            lines.append(one)
        else:
            lines.append(one := scene.line(db, who, TODAY + days(number), fen, paid_by=payer))
        db.flush()
        scene.settle(db, one, today=TODAY + days(number))
        assert ledger.balance(db, who.id) == stands(lines)
    assert list(checking.differences(db)) == []
