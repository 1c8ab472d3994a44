"""Whatever a workshop corrects, in whatever order: its last words decide what is earned."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, ledger, refunded
from club.models import Earning, EarningCut
from members.models import OrderLine, Owner, PaidBy
from tests.club import scene
from tests.club.scene import TODAY, days

FEN = st.sampled_from([0, 1, 99, 1_00, 33_33, 50_00, 99_99, 100_00, 250_50])
BUY, REFUND, LOOSE, CORRECT, RELINK = "buy", "refund", "loose", "correct", "relink"
OWNER, INSURER = PaidBy.OWNER, PaidBy.INSURANCE
ALONE, WITH_NEXT = False, True
SOLD = (BUY, 0, 100_00, OWNER, ALONE)
ALL_BACK, HALF_BACK = (REFUND, 0, 99_99, OWNER, ALONE), (REFUND, 0, 50_00, OWNER, ALONE)
KINDS = st.sampled_from([BUY, REFUND, REFUND, LOOSE, RELINK, CORRECT, CORRECT])
PAYER = st.sampled_from([OWNER, OWNER, INSURER])
ACTS = st.tuples(KINDS, st.integers(0, 99), FEN, PAYER, st.booleans())


def turns(at: int, *payers: PaidBy) -> list[Any]:
    """One line of 100 yuan becomes these payers' in turn."""
    return [(CORRECT, at, 99_99 if at else 100_00, payer, ALONE) for payer in payers]


def stands(lines: list[OrderLine]) -> tuple[int, int]:
    """The points of what the owner paid in the end, at least and at most: each purchase without the
    refunds of it. What refunds that name none are taken from hangs on what was there to take."""
    paid = [line for line in lines if line.paid_by is PaidBy.OWNER]
    most = 0
    for line in paid:
        if line.fen >= 0:
            back = sum(-one.fen for one in paid if one.refund_of_id == line.id)
            most += max(line.fen - back, 0) // 100
    loose = sum(-one.fen for one in paid if one.fen < 0 and one.refund_of_id is None)
    return most - (loose // 100 + len(lines) if loose else 0), most


def act_on(db: Session, who: Owner, lines: list[OrderLine], act: Any, on: date) -> OrderLine:
    """The line that an act of the workshop brings, or that it changes."""
    kind, at, fen, payer, _ = act
    bought = [line for line in lines if line.fen >= 0]
    linked = [line for line in lines if line.refund_of_id is not None]
    one: OrderLine
    if kind == CORRECT and lines:
        one = lines[at % len(lines)]
        one.fen, one.paid_by = (fen if one.fen >= 0 else -fen - 1), payer
    elif kind == RELINK and linked:
        one = linked[at % len(linked)]
        earlier = [line for line in bought if line.order.serviced_on <= one.order.serviced_on]
        one.refund_of_id = earlier[fen % len(earlier)].id
    elif kind == LOOSE:
        lines.append(one := scene.line(db, who, on, -fen - 1, paid_by=payer))
    elif kind == REFUND and bought:
        link = bought[at % len(bought)].id
        lines.append(one := scene.line(db, who, on, -fen - 1, refund_of_id=link, paid_by=payer))
    else:
        lines.append(one := scene.line(db, who, on, fen, paid_by=payer))
    return one


INSURED_BACK = [(BUY, 0, 100_00, INSURER, ALONE), ALL_BACK, *turns(0, OWNER)]
HALVES_LEFT = [SOLD, (REFUND, 0, 49_99, INSURER, ALONE), ALL_BACK]
LOOSE_BACK = (LOOSE, 0, 99_99, OWNER, ALONE)


@example(acts=[SOLD, ALL_BACK, *turns(1, INSURER, OWNER)])
@example(acts=[SOLD, HALF_BACK, HALF_BACK, (CORRECT, 0, 250_50, OWNER, ALONE)])
@example(acts=[SOLD, ALL_BACK, HALF_BACK, (CORRECT, 0, 250_50, OWNER, ALONE)])
@example(acts=[SOLD, ALL_BACK, HALF_BACK, (CORRECT, 1, 1_00, OWNER, ALONE)])
@example(acts=[SOLD, ALL_BACK, ALL_BACK, *turns(1, INSURER), *turns(2, INSURER, OWNER, INSURER)])
@example(acts=INSURED_BACK)
@example(acts=[SOLD, HALF_BACK, *turns(0, INSURER)])
@example(
    acts=[*HALVES_LEFT, (CORRECT, 1, 49_99, OWNER, WITH_NEXT), (CORRECT, 2, 49_99, OWNER, ALONE)]
)
@example(acts=[*INSURED_BACK, *turns(1, INSURER, OWNER, INSURER)])
@example(acts=[SOLD, LOOSE_BACK, ALL_BACK, *turns(1, INSURER)])
@example(acts=[SOLD, SOLD, ALL_BACK, ALL_BACK, (RELINK, 0, 1, OWNER, ALONE)])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, max_size=14))
def test_what_is_earned_is_what_the_last_words_come_to(db: Session, acts: list[Any]) -> None:
    """R1, R5, R7, R8: purchases, refunds with and without the name of one, and corrections of each,
    by amount, payer or link, one by one or several in a file. Red when a refund put back whole is
    taken as new, when it remembers only what it once found, when one that found nothing is
    forgotten or its corrections are not counted, when only a purchase lays refunds again, or only
    the one that the corrected refund names, and when what was laid tells other points."""
    who, lines, file = scene.owner(db), list[OrderLine](), dict[int, OrderLine]()
    for number, act in enumerate(acts):
        one = act_on(db, who, lines, act, TODAY + days(number))
        db.flush()
        file[one.id] = one
        if act[-1] is ALONE or number == len(acts) - 1:
            scene.settle(db, *file.values(), today=TODAY + days(number))
            file.clear()
            least, most = stands(lines)
            assert least <= ledger.balance(db, who.id) <= most
    assert list(checking.differences(db)) == []
    for earning in db.scalars(select(Earning).where(Earning.owner_id == who.id)):
        took = select(func.sum(EarningCut.points)).where(EarningCut.earning == earning)
        whole = 0 if earning.left_out else earning.fen // 100
        assert earning.points == whole - (db.scalar(took) or 0)


def test_a_refund_handled_before_a_corrected_one_of_its_file_takes_its_part(db: Session) -> None:
    """R5, R8: a file halves a refund that took all, and brings the other half with an earlier day.
    Red when lines that the file still brings and those it brought already are one to it; the tale
    of what each took is red when cuts that are laid again hold no points."""
    who = scene.owner(db)
    sold = scene.buy(db, who, TODAY, 100_00)
    first = scene.buy(db, who, TODAY + days(3), -100_00, refund_of_id=sold.id)
    other = scene.line(db, who, TODAY + days(2), -50_00, refund_of_id=sold.id)
    first.fen = -50_00
    scene.settle(db, first, other)
    assert ledger.balance(db, who.id) == 0
    tales = refunded.taken_by(db, [first.id, other.id])
    assert [(tales[one.id][0].fen, tales[one.id][0].points) for one in (first, other)] == [
        (50_00, 50),
        (50_00, 50),
    ]
