"""What vouchers took off an order earns nothing, however and whenever they were used (R7)."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from club import (
    checking,
    ledger,
    lots,
    quote_use,
    quotes,
    statement,
    statement_sheet,
    voucher_return,
)
from club.models import Earning, Voucher, VoucherUse
from club.quotes import Asked
from club.till_prices import Item
from club.voucher_prices import Line
from club.voucher_use import NotUsable, OrderDraft
from members.facts import facts_of
from members.models import OrderKind, OrderLine, PaidBy
from members.order_systems import order_systems
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY
from tests.conftest import Sessions
from tests.events.racing import once_free, race

SERVICE, WASH = OrderKind.SCHEDULED, OrderKind.ACCESSORIES
W9 = OrderDraft((), "W9", "dms")
BILL = OrderDraft((Line(1_000_00),), "W9", "dms")


def undo(db: Session, use: VoucherUse) -> None:
    voucher_return.undo_redeem(db, use, reason="按错了", today=TODAY, by=None, now=NOW)


def earned(db: Session, *lines: OrderLine) -> list[int]:
    db.flush()
    return [db.get_one(Earning, line.id).points for line in lines]


@pytest.mark.parametrize("noted_first", [True, False])
def test_a_voucher_used_by_itself_is_not_paid_with_money(db: Session, noted_first: bool) -> None:
    """R7, R1: 900 points of ¥1,000 whether the use or the order comes first, 1,000 once it is
    undone; red without the uses in covered, without settle_again after either."""
    who = scene.owner(db)
    one = vouching.voucher(db, who)
    if noted_first:
        use = vouching.redeem(db, one, W9)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9")
    if not noted_first:
        use = vouching.redeem(db, one, W9)
    covered = earned(db, line)
    undo(db, use)
    assert (covered, earned(db, line), ledger.balance(db, who.id)) == ([900], [1_000], 1_000)
    assert list(checking.differences(db)) == []


def test_it_is_taken_off_the_work_that_it_is_for(db: Session) -> None:
    """R7: ¥100 off the service and not off the wash; red when it is spread over all lines."""
    who = scene.owner(db)
    kind = vouching.kind(db, order_kinds=[SERVICE.value])
    bill = OrderDraft((Line(300_00, SERVICE),), "W9", "dms")
    vouching.redeem(db, vouching.voucher(db, who, kind), bill)
    service = scene.line(db, who, TODAY, 300_00, no="W9", kind=SERVICE)
    wash = scene.line(db, who, TODAY, 500_00, no="W9", kind=WASH)
    scene.settle(db, service, wash)
    assert earned(db, service, wash) == [200, 500]


def test_a_file_that_brings_what_was_paid_is_believed(db: Session) -> None:
    """R7: nothing is taken off twice: the paid amount, a discount line, a line of the voucher.

    Red without bill_fen, without the sum of all lines, without told_by.
    """
    found = []
    for no, bill, lines in (
        ("N1", BILL, [(900_00, PaidBy.OWNER)]),
        ("N2", BILL, [(1_000_00, PaidBy.OWNER), (-100_00, PaidBy.OWNER)]),
        ("N3", W9, [(900_00, PaidBy.OWNER), (100_00, PaidBy.VOUCHER)]),
    ):
        who = scene.owner(db)
        vouching.redeem(db, vouching.voucher(db, who), OrderDraft(bill.lines, no, "dms"))
        told = [scene.line(db, who, TODAY, fen, no=no, paid_by=by) for fen, by in lines]
        scene.settle(db, *told)
        found.append(ledger.balance(db, who.id))
    assert found == [900, 900, 900]


def test_two_vouchers_and_a_quote_on_one_order(db: Session) -> None:
    """R7: a quote of ¥900 with a voucher, then one by itself: ¥800; neither counts twice whether
    the file tells ¥1,000, ¥900 or ¥800. Red when the uses of quotes count again."""
    found = []
    for no, fen in {"Q1": 1_000_00, "Q2": 900_00, "Q3": 800_00}.items():
        who = scene.owner(db)
        facts_of(db, who.id).tier = "general"
        asked = Asked((Item(1_000_00),), (vouching.voucher(db, who).id,), 0, no, "dms")
        one = quotes.price(db, who.id, asked, request_id=no, today=TODAY, by=None, now=NOW)
        quote_use.apply(db, one, today=TODAY, by=None, now=NOW)
        vouching.redeem(db, vouching.voucher(db, who), OrderDraft((), no, "dms"))
        found += earned(db, scene.buy(db, who, TODAY, fen, no=no))
    assert found == [800, 800, 800]


def test_an_order_that_comes_in_two_parts_is_covered_whole(db: Session) -> None:
    """R7: ¥600 came first and bore all of the ¥100, then ¥400 take their share; a line of the
    voucher at last tells it itself. Red without _moved."""
    who = scene.owner(db)
    vouching.redeem(db, vouching.voucher(db, who), W9)
    first = scene.buy(db, who, TODAY, 600_00, no="W9")
    alone = earned(db, first)
    second = scene.buy(db, who, TODAY, 400_00, no="W9")
    both = earned(db, first, second)
    scene.buy(db, who, TODAY, 100_00, no="W9", paid_by=PaidBy.VOUCHER)
    assert (alone, both, earned(db, first, second)) == ([500], [540, 360], [600, 400])
    assert list(checking.differences(db)) == []


def test_a_number_of_another_system_is_another_order(db: Session) -> None:
    """R7, R8, R15: two systems number an order W9; red without the system in means, in meant and
    in _brought_by."""
    who = scene.owner(db)
    paint, dms = (scene.buy(db, who, TODAY, 1_000_00, no="W9", source=s) for s in ("bp", "dms"))
    vouching.redeem(db, vouching.voucher(db, who), W9)
    assert (order_systems(db), earned(db, paint, dms)) == (["dms", "bp"], [1_000, 900])
    brought = vouching.voucher(db, who, order_id=dms.order_id)
    with pytest.raises(NotUsable):
        vouching.redeem(db, brought, W9)
    vouching.redeem(db, brought, OrderDraft((), "W9", "bp"))
    assert earned(db, paint, dms) == [900, 900]


def test_a_number_without_its_system_is_the_first_order_of_it(db: Session) -> None:
    """R8: noted before any file came, it covers one order and no other; red without the order by
    id, and the owner in meant."""
    who, other = scene.owner(db), scene.owner(db)
    vouching.redeem(db, vouching.voucher(db, who), OrderDraft((), "W9"))
    theirs = scene.buy(db, other, TODAY, 1_000_00, no="W9", source="a")
    first, second = (scene.buy(db, who, TODAY, 1_000_00, no="W9", source=s) for s in ("z", "b"))
    assert earned(db, theirs, first, second) == [1_000, 900, 1_000]


def test_a_voucher_used_on_the_order_of_a_relative(db: Session) -> None:
    """R7: the order is somebody else's and earns on the money; red with the holder's own only."""
    holder, payer = scene.owner(db), scene.owner(db)
    line = scene.buy(db, payer, TODAY, 1_000_00, no="W9")
    use = vouching.redeem(db, vouching.voucher(db, holder), W9)
    covered = earned(db, line)
    undo(db, use)
    assert (covered, earned(db, line)) == ([900], [1_000])


def test_the_statement_says_what_did_not_count(db: Session) -> None:
    """R7: per line in all three statements; red without covered_fen."""
    who = scene.owner(db)
    vouching.redeem(db, vouching.voucher(db, who), W9)
    scene.buy(db, who, TODAY, 1_000_00, no="W9")
    (row,) = lots.page_of(db, who.id).rows
    (cells,) = statement_sheet.rows(db, who.id, today=TODAY, say=str)
    (counted,) = statement.arithmetic_of(db, who.id, today=TODAY).rows
    (told,) = statement.statement_of(db, who.id).lines
    assert [one.earning and one.earning.covered_fen for one in (row, told)] == [100_00, 100_00]
    assert (counted.fen, counted.covered_fen) == (900_00, 100_00)
    assert (cells[4], cells[7]) == (
        Decimal(900),
        "¥100.00 of it came off at the till and does not count.",
    )


def bring(sessions: Sessions, owner_id: int) -> str:
    return once_free(sessions, _bring, owner_id)


def _bring(db: Session, owner_id: int) -> str:
    who = db.get_one(scene.Owner, owner_id)
    scene.buy(db, who, TODAY, 1_000_00, no="W9")
    db.commit()
    return "brought"


def use_here(sessions: Sessions, voucher_id: int) -> str:
    return once_free(sessions, _use, voucher_id)


def _use(db: Session, voucher_id: int) -> str:
    vouching.redeem(db, db.get_one(Voucher, voucher_id), W9)
    db.commit()
    return "used"


def test_the_file_and_the_desk_at_the_same_moment(sessions: Sessions, database_url: str) -> None:
    """R7: whoever comes first, ¥900 count; red without hold before the use is written."""
    with sessions() as db:
        who = scene.owner(db)
        scene.shop(db)
        one = vouching.voucher(db, who)
        db.commit()
        owner_id, voucher_id = who.id, one.id
    race(database_url, [(bring, (owner_id,)), (use_here, (voucher_id,))])
    with sessions() as db:
        assert ledger.balance(db, owner_id) == 900
        assert list(checking.differences(db)) == []
