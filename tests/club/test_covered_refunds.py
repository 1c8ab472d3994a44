"""Refunds in list prices of lines that earned on less: in proportion, never more (R1, R5, R7)."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from club import checking, history, ledger, voucher_return
from club.models import Earning, EarningCut, LedgerEntry, VoucherUse
from club.voucher_prices import Line
from club.voucher_use import OrderDraft
from members.models import OrderLine, Owner
from tests.club import scene, vouching
from tests.club.scene import NOW, TODAY, days

W9 = OrderDraft((), "W9", "dms")


def use_voucher(db: Session, who: Owner, fen: int) -> VoucherUse:
    """A voucher of so much on the order W9."""
    kind = vouching.kind(db, fen=fen)
    return vouching.redeem(db, vouching.voucher(db, who, kind), W9)


def covered_line(db: Session, who: Owner, fen: int = 1_000_00, off: int = 120_00) -> OrderLine:
    use_voucher(db, who, off)
    return scene.buy(db, who, TODAY, fen, no="W9")


def back(db: Session, line: OrderLine, fen: int, after: int = 1) -> OrderLine:
    """A refund linked to the line."""
    who = line.order.owner_id
    owner = db.get_one(Owner, who)
    return scene.buy(db, owner, TODAY + days(after), -fen, refund_of_id=line.id)


def left(db: Session, line: OrderLine) -> tuple[int, int]:
    db.flush()
    earning = db.get_one(Earning, line.id)
    return earning.fen_left, earning.points


@pytest.mark.parametrize(
    ("fen", "off", "parts", "kept"),
    [
        (1_000_00, 120_00, [500_00, 500_00], [440, 0]),
        (1_000_00, 120_00, [333_33, 333_33, 333_34], [586, 293, 0]),
        (1_000_00, 500_00, [500_00, 500_00], [250, 0]),
        (1_000_00, 999_99, [999_99, 1], [0, 0]),
        (1_000_00, 120_00, [700_00, 700_00, 10_00], [264, 0, 0]),
        (3, 2, [1, 1, 1], [0, 0, 0]),
    ],
)
def test_each_refund_takes_its_part(
    db: Session, fen: int, off: int, parts: list[int], kept: list[int]
) -> None:
    """R5: half of ¥1,000 that earned 880 takes 440, all of them take 880 and never more.

    Red with the fen of the refund as they are; the thirds red when each is floored by itself.
    """
    who = scene.owner(db)
    line = covered_line(db, who, fen, off)
    found = []
    for nth, part in enumerate(parts, 1):
        back(db, line, part, nth)
        found.append(ledger.balance(db, who.id))
    assert (found, left(db, line)) == (kept, (0, 0))
    assert list(checking.differences(db)) == []


@pytest.mark.parametrize("noted_first", [True, False])
@pytest.mark.parametrize(
    ("off", "parts", "kept"),
    [
        (120_00, [(2, 880_00)], [0]),
        (120_00, [(1, 440_00), (1, 440_00)], [440_00, 0]),
        (120_00, [(1, 500_00), (1, 440_00)], [440_00, 0]),
        (500_00, [(1, 500_00), (2, 500_00)], [250_00, 0]),
        (500_00, [(1, 250_00)], [250_00]),
        (120_00, [(1, 880_00)], [105_60]),
        (120_00, [(3, 880_00)], [105_60]),
        (120_00, [(1, 100_00)], [792_00]),
    ],
)
def test_pieces_tell_that_a_refund_brings_what_was_paid(
    db: Session, noted_first: bool, off: int, parts: list[tuple[int, int]], kept: list[int]
) -> None:
    """R5: of two pieces for ¥1,000 less a voucher, in either price, whatever comes first; what fits
    no pieces speaks of the list price. Red without `_spoken`; the later note red without it there.
    """
    who = scene.owner(db)
    if noted_first:
        use_voucher(db, who, off)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9", quantity=2)
    found = []
    for nth, (pieces, fen) in enumerate(parts, 1):
        told = {"refund_of_id": line.id, "quantity": pieces}
        scene.buy(db, who, TODAY + days(nth), -fen, **told)
        found.append(left(db, line)[0])
    if not noted_first:
        use_voucher(db, who, off)
        found = [*kept[:-1], left(db, line)[0]]
    assert found == kept
    assert list(checking.differences(db)) == []


def test_thirds_of_what_was_paid_are_all_of_it(db: Session) -> None:
    """R5: three pieces one after the other, ¥880.00 paid; red when a third is rounded down."""
    who = scene.owner(db)
    use_voucher(db, who, 120_00)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9", quantity=3)
    for nth, fen in enumerate((293_33, 293_33, 293_34), 1):
        scene.buy(db, who, TODAY + days(nth), -fen, refund_of_id=line.id, quantity=1)
    assert left(db, line) == (0, 0)


def test_an_unlinked_refund_walks_back_in_list_prices(db: Session) -> None:
    """R5: ¥1,050 takes all of the newer line, which earned 880, and ¥50 of the older."""
    who = scene.owner(db)
    older = scene.buy(db, who, TODAY - days(1), 100_00)
    newer = covered_line(db, who)
    scene.buy(db, who, TODAY + days(1), -1_050_00)
    assert (left(db, newer), left(db, older)) == ((0, 0), (50_00, 50))


def test_a_refund_follows_what_is_noted_or_undone_after_it(db: Session) -> None:
    """R1, R7: half of the line is back; it keeps half of what it earns on, then and later.

    Red when what refunds took off stays as it was.
    """
    who = scene.owner(db)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9")
    back(db, line, 500_00)
    found = [ledger.balance(db, who.id)]
    use = use_voucher(db, who, 120_00)
    found.append(ledger.balance(db, who.id))
    (covered,) = history.spends_as_of(db, [who.id], TODAY + days(1))[who.id]
    voucher_return.undo_redeem(db, use, reason="错", today=TODAY, by=None, now=NOW)
    found.append(ledger.balance(db, who.id))
    (whole,) = history.spends_as_of(db, [who.id], TODAY + days(1))[who.id]
    assert (found, left(db, line)) == ([500, 440, 500], (500_00, 500))
    assert (covered.fen, whole.fen) == (440_00, 500_00)
    assert list(checking.differences(db)) == []


def test_a_corrected_refund_of_a_covered_line(db: Session) -> None:
    """R5: two refunds, the first told anew as ¥250: what it left over is there for the second.

    Red when restore leaves what the first took off.
    """
    who = scene.owner(db)
    line = covered_line(db, who, 100_01, 33_34)
    first, _second = back(db, line, 50_01), back(db, line, 25_00, 2)
    first.fen = -25_00
    scene.settle(db, first, today=TODAY + days(2))
    told = list(db.scalars(select(EarningCut.told_fen)))
    taken = db.scalars(select(func.sum(EarningCut.fen))).one()
    assert (told, left(db, line)) == ([25_00, 25_00], (33_34, 33))
    assert taken == 66_67 - 33_34
    assert (ledger.balance(db, who.id), list(checking.differences(db))) == (33, [])


def test_a_refund_on_the_same_order_is_no_discount(db: Session) -> None:
    """R7: ¥120 came back of ¥1,000 that was ¥880 to pay; red when it counts as a line that tells
    the voucher."""
    who = scene.owner(db)
    bill = OrderDraft((Line(1_000_00),), "W9", "dms")
    vouching.redeem(db, vouching.voucher(db, who, vouching.kind(db, fen=120_00)), bill)
    line = scene.buy(db, who, TODAY, 1_000_00, no="W9")
    scene.buy(db, who, TODAY, -120_00, no="W9", refund_of_id=line.id)
    assert left(db, line) == (774_40, 774)


def test_settling_again_moves_nothing(db: Session) -> None:
    """R8: the use noted twice and the order settled again write no entry; red when settle_again
    takes all lines of the order."""
    who = scene.owner(db)
    line = covered_line(db, who)
    returned = scene.buy(db, who, TODAY, -250_00, no="W9", refund_of_id=line.id)
    before = db.scalars(select(LedgerEntry.id)).all()
    use = use_voucher(db, who, 1_00)
    voucher_return.undo_redeem(db, use, reason="错", today=TODAY, by=None, now=NOW)
    after = db.scalars(select(LedgerEntry.order_line_id).where(LedgerEntry.id > max(before)))
    assert set(after) == {line.id}
    assert (returned.order_id, left(db, line)) == (line.order_id, (660_00, 660))


def test_a_refund_takes_all_it_says_once_its_line_is_corrected(db: Session) -> None:
    """R5, R7: ¥300 came as ¥100 and was given back in two, of which the first took what there was;
    with the right price nothing is left, with ¥500 the ¥200 that stayed with the shop, and more
    when one of them turns out smaller. Red when a refund remembers only what it once found, when
    one that found nothing is forgotten, and when only the purchase makes them be laid again."""
    who = scene.owner(db)
    line = scene.buy(db, who, TODAY, 100_00)
    first, _second = (back(db, line, 150_00, after) for after in (1, 2))
    held = [ledger.balance(db, who.id)]
    for one, fen in ((line, 300_00), (line, 500_00), (line, 160_00), (first, -10_00)):
        one.fen = fen
        scene.settle(db, one, today=TODAY + days(3))
        held.append(ledger.balance(db, who.id))
    assert held == [0, 0, 200, 0, 0]
    line.fen = 170_00
    scene.settle(db, line, today=TODAY + days(3))
    assert ledger.balance(db, who.id) == 10
    assert list(checking.differences(db)) == []
